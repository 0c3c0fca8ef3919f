// Nothing before it, nothing but it, twice.
#include HEADER
#include HEADER

extern const int sendhub_abi_alone;
const int sendhub_abi_alone = 1;
