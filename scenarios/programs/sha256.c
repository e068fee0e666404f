/* sha256.c: SHA-256 (FIPS 180-4) of messages whose digests are known. */
#include "common/common.h"

struct digest { uint32_t word[8]; };

static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, unsigned count)
{
    return x >> count | x << (32 - count);
}

static uint32_t big_endian(const uint8_t bytes[4])
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void add_block(struct digest *digest, const uint8_t block[64])
{
    uint32_t w[64];
    for (unsigned i = 0; i < 16; i++)
        w[i] = big_endian(&block[4 * i]);
    for (unsigned i = 16; i < 64; i++) {
        uint32_t small0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t small1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + small0 + w[i - 7] + small1;
    }

    uint32_t a = digest->word[0], b = digest->word[1], c = digest->word[2], d = digest->word[3];
    uint32_t e = digest->word[4], f = digest->word[5], g = digest->word[6], h = digest->word[7];
    for (unsigned i = 0; i < 64; i++) {
        uint32_t big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
        uint32_t first = h + big1 + ((e & f) ^ (~e & g)) + constants[i] + w[i];
        uint32_t big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
        uint32_t second = big0 + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + first;
        d = c, c = b, b = a, a = first + second;
    }
    const uint32_t sums[8] = {a, b, c, d, e, f, g, h};
    for (unsigned i = 0; i < 8; i++)
        digest->word[i] += sums[i];
}

static struct digest sha256(const uint8_t *message, uint32_t length)
{
    struct digest digest = {{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                             0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
    uint32_t rest = length;
    for (; rest >= 64; rest -= 64, message += 64)
        add_block(&digest, message);

    /* The end: a 1 bit, zeros, and the length in bits at the end of the last block. */
    uint8_t block[64] = {0};
    memcpy(block, message, rest);
    block[rest] = 0x80;
    if (rest >= 56) {
        add_block(&digest, block);
        memset(block, 0, sizeof block);
    }
    for (unsigned i = 0; i < 4; i++)
        block[60 + i] = (uint8_t)(length << 3 >> (24 - 8 * i));
    add_block(&digest, block);
    return digest;
}

static bool check(const char *name, const char *message, uint32_t length, const struct digest *expected)
{
    struct digest digest = sha256((const uint8_t *)message, length);
    bool right = memcmp(&digest, expected, sizeof digest) == 0;
    const uint32_t *word = digest.word;
    print("%-10s %08x%08x%08x%08x%08x%08x%08x%08x %s\n", name, word[0], word[1], word[2], word[3], word[4], word[5],
          word[6], word[7], right ? "right" : "WRONG");
    return right;
}

uint32_t main(uint32_t argument)
{
    static const char letters[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    static char many[10000];
    static const struct digest expected[] = {
        {{0xe3b0c442, 0x98fc1c14, 0x9afbf4c8, 0x996fb924, 0x27ae41e4, 0x649b934c, 0xa495991b, 0x7852b855}},
        {{0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223, 0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad}},
        {{0x248d6a61, 0xd20638b8, 0xe5c02693, 0x0c3e6039, 0xa33ce459, 0x64ff2167, 0xf6ecedd4, 0x19db06c1}},
        {{0x27dd1f61, 0xb867b6a0, 0xf6e9d8a4, 0x1c43231d, 0xe52107e5, 0x3ae424de, 0x8f847b82, 0x1db4b711}},
    };
    (void)argument;
    memset(many, 'a', sizeof many);
    bool right = check("empty", "", 0, &expected[0]);
    right &= check("abc", "abc", 3, &expected[1]);
    right &= check("56 letters", letters, sizeof letters - 1, &expected[2]);
    right &= check("10000 a", many, sizeof many, &expected[3]);
    return !right;
}
