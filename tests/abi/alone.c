/* Nothing before it, nothing but it, twice. */
#include <sendhub_plugin.h>
#include <sendhub_plugin.h>

extern const int sendhub_abi_alone;
const int sendhub_abi_alone = (int)sizeof(shp_plugin);
