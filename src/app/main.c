/* The program's entry. */
#include <stdio.h>

int main(void)
{
    puts("xlightbox");
    return 0;
}
