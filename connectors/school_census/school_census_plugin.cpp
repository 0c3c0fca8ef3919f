#include "connectors/school_census/school_census.hpp"

SENDHUB_CONNECTOR(sendhub::census::SchoolCensus);
