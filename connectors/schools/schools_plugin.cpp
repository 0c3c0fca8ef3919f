#include "connectors/schools/schools.hpp"

SENDHUB_CONNECTOR(sendhub::gias::Schools);
