/* compute.c: arithmetic in tight loops: SHA-256 (FIPS 180-4), the sieve of Eratosthenes, a product of matrices. */
#include "bench.h"

enum { MESSAGE_BYTES = 4096, SIEVE_LIMIT = 1 << 15, ORDER = 40 };

static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint8_t message[MESSAGE_BYTES];
static uint8_t composite[SIEVE_LIMIT];
static int32_t left[ORDER][ORDER], right[ORDER][ORDER], product[ORDER][ORDER];

static uint32_t rotate(uint32_t x, unsigned by) {
    return x >> by | x << (32 - by);
}

/* One block of SHA-256: sections 6.2.2 and 4.1.2 of the standard. */
static void sha256_block(uint32_t hash[8], const uint8_t *block) {
    uint32_t w[64];
    for (unsigned t = 0; t < 16; t++, block += 4)
        w[t] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 | (uint32_t)block[2] << 8 | block[3];
    for (unsigned t = 16; t < 64; t++) {
        uint32_t s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3;
        uint32_t s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10;
        w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
    uint32_t a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4], f = hash[5], g = hash[6], h = hash[7];
    for (unsigned t = 0; t < 64; t++) {
        uint32_t sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
        uint32_t temporary1 = h + sum1 + ((e & f) ^ (~e & g)) + round_constants[t] + w[t];
        uint32_t sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
        uint32_t temporary2 = sum0 + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + temporary1;
        d = c, c = b, b = a, a = temporary1 + temporary2;
    }
    hash[0] += a, hash[1] += b, hash[2] += c, hash[3] += d;
    hash[4] += e, hash[5] += f, hash[6] += g, hash[7] += h;
}

static uint32_t hash_message(void) {
    uint32_t hash[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    for (unsigned at = 0; at < MESSAGE_BYTES; at += 64)
        sha256_block(hash, message + at);
    return hash[0] ^ hash[7];
}

static uint32_t count_primes(void) {
    uint32_t count = 0;
    for (uint32_t i = 2; i < SIEVE_LIMIT; i++)
        composite[i] = 0;
    for (uint32_t i = 2; i < SIEVE_LIMIT; i++) {
        if (composite[i])
            continue;
        count++;
        for (uint32_t j = i + i; j < SIEVE_LIMIT; j += i)
            composite[j] = 1;
    }
    return count;
}

static uint32_t multiply_matrices(uint32_t seed) {
    for (int i = 0; i < ORDER; i++)
        for (int j = 0; j < ORDER; j++) {
            left[i][j] = (int32_t)(bench_random(&seed) & 0xff) - 128;
            right[i][j] = (int32_t)(bench_random(&seed) & 0xff) - 128;
        }
    uint32_t trace = 0;
    for (int i = 0; i < ORDER; i++)
        for (int j = 0; j < ORDER; j++) {
            int32_t sum = 0;
            for (int k = 0; k < ORDER; k++)
                sum += left[i][k] * right[k][j];
            product[i][j] = sum;
            trace += (uint32_t)sum ^ (uint32_t)j;
        }
    return trace;
}

uint32_t workload(uint32_t rounds) {
    uint32_t result = 0;
    for (uint32_t round = 1; round <= rounds; round++) {
        for (uint32_t i = 0; i < MESSAGE_BYTES; i++)
            message[i] = (uint8_t)(i * round);
        result = result * 31 + hash_message();
        result = result * 31 + count_primes();
        result = result * 31 + multiply_matrices(round);
    }
    return result;
}
