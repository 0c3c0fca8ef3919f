// The real readers, driven in this process: the connectors as the built plugins.
#pragma once

#include <memory>

#include "tests/mutation/judge.hpp"

namespace sendhub::mutation {

class Readers {
  public:
    explicit Readers(std::string plugin_folder);
    Outcome read(const Feed& feed, const std::string& bytes);

  private:
    const void* plugin(const std::string& name);
    std::string folder_;
    std::map<std::string, const void*> plugins_;
};

}  // namespace sendhub::mutation
