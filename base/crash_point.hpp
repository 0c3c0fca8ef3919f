// Named places where a test kills the process, to show that the next run still ends as an undisturbed one
// would.
//
//   crash_point("import.after_history");
//
// Does nothing unless the environment variable SENDHUB_CRASH_AT holds exactly that name; then the process
// dies at once by SIGKILL: no destructor, no flush, no rollback. A place passed many times can be hit at its
// n-th passing with SENDHUB_CRASH_AT=NAME#n (from 1). SENDHUB_CRASH_HOW: segv, throw or hang instead.
//
// Names are ROOM.PLACE. In use:
//   import.begin            batch.json is read, nothing is written
//   import.after_history    replaced and closed rows of one record type are in its history, not yet gone from
//   it import.after_record     the rows of one record type are in place import.before_commit    everything is
//   written, nothing is committed import.after_commit     the batch is in the store; the caller does not know
//   yet approve.begin, approve.before_commit, approve.after_commit   likewise for a batch that was let
//   through migrate.before_commit   a migration is written, not committed
// Other rooms add theirs here.
#pragma once

#include <string_view>

namespace sendhub {

void crash_point(std::string_view name);

}  // namespace sendhub
