// Nothing before it, nothing but it, twice.
#include <sendhub_plugin.h>

extern const unsigned sendhub_abi_alone;
const unsigned sendhub_abi_alone = sizeof(shp_plugin);
