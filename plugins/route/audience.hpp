// Who is told of whose news, and which of them can be told in one PDU.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "ledger.hpp"
#include "store.hpp"

namespace route {

/// Who sees the user: `everyone` when it is not empty, else its peers; never itself, nor whom it has blocked.
std::vector<std::uint64_t> audience(std::uint32_t user, const store::relations& known,
                                    std::span<const std::uint64_t> everyone);

/// Receivers of the same news: their indices in the round, in its order.
struct readers {
  std::vector<std::uint32_t> news;
  std::vector<std::uint64_t> users;
};
/// By what they are to be told: `audiences` by index of the news. Who is not there is left out.
std::vector<readers> by_news(std::span<const std::vector<std::uint64_t>> audiences,
                             const std::function<bool(std::uint64_t user)>& there);

}  // namespace route
