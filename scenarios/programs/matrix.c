/* matrix.c: the product of two matrices of whole numbers, checked with a vector: (A B) x must be A (B x) (Freivalds
 * 1977). */
#include "common/common.h"

enum { SIZE = 40 };
typedef uint32_t matrix[SIZE][SIZE];
typedef uint32_t vector[SIZE];
static matrix a, b, product;

static void multiply(matrix result, matrix left, matrix right)
{
    for (unsigned row = 0; row < SIZE; row++)
        for (unsigned column = 0; column < SIZE; column++) {
            uint32_t sum = 0;
            for (unsigned i = 0; i < SIZE; i++)
                sum += left[row][i] * right[i][column];
            result[row][column] = sum;
        }
}

static void apply(vector result, matrix left, const vector right)
{
    for (unsigned row = 0; row < SIZE; row++) {
        uint32_t sum = 0;
        for (unsigned i = 0; i < SIZE; i++)
            sum += left[row][i] * right[i];
        result[row] = sum;
    }
}

uint32_t main(uint32_t argument)
{
    struct random random = {0x9e3779b9 + argument};
    uint32_t trace = 0, wrong = 0;
    vector x, inner, outer, direct;
    for (unsigned row = 0; row < SIZE; row++) {
        x[row] = random_next(&random);
        for (unsigned column = 0; column < SIZE; column++) {
            a[row][column] = random_next(&random) >> 8;
            b[row][column] = random_next(&random) >> 8;
        }
    }
    multiply(product, a, b);
    apply(inner, b, x);
    apply(outer, a, inner);
    apply(direct, product, x);
    for (unsigned row = 0; row < SIZE; row++) {
        trace += product[row][row];
        wrong += outer[row] != direct[row];
    }
    print("%u by %u, trace %08x, corner %08x, %s\n", SIZE, SIZE, trace, product[SIZE - 1][SIZE - 1],
          wrong ? "WRONG" : "right");
    return wrong;
}
