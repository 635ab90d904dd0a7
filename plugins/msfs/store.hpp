// All SQL of msfs: who has uploaded what, and sums to hold quotas against.
#pragma once

#include <parley/sql.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msfs::store {

/// Of one uploader: a user, or an address where the user is 0.
struct uploader {
  std::uint32_t user = 0;
  std::string address;  // as its quota counts it: IPv4, or an IPv6 network of /64
};

struct upload {
  std::string path;
  uploader who;
  std::uint64_t size = 0;
  std::uint32_t created = 0;
};

/// Bytes; 0 = no limit.
struct quotas {
  std::uint64_t store = 0;
  std::uint64_t user = 0;
  std::uint64_t user_day = 0;
  std::uint64_t address_day = 0;
};

enum class verdict { taken, store_full, user_full, day_full };
struct usage {
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;
  std::uint64_t today = 0;
};
struct addition {
  verdict end = verdict::taken;
  usage of_store;  // with it
};

/// Within the quotas as they stand at the commit, whoever else uploads. In a transaction of its own.
addition add(parley::sql& db, const std::string& store, const upload& one, const quotas& most);
/// False when it was not there. In a transaction of its own; so is the next.
bool remove(parley::sql& db, const std::string& store, const std::string& path);
/// Files that were found without a row; nobody's, whatever the quotas.
void adopt(parley::sql& db, const std::string& store, const std::vector<upload>& found);

std::optional<upload> find(parley::sql& db, const std::string& store, const std::string& path);
/// Newest first; of one user, or with 0 everybody's in this store.
std::vector<upload> newest(parley::sql& db, const std::string& store, std::uint32_t user, std::uint32_t most);
/// In order of path, behind `after`, below directory AAA ("007/").
std::vector<upload> below(parley::sql& db, const std::string& store, const std::string& directory,
                          const std::string& after, std::uint32_t most);

usage usage_of_store(parley::sql& db, const std::string& store);
usage usage_of_user(parley::sql& db, std::uint32_t user, std::uint32_t now);
/// What is left of the quotas of a user: of all, and of the day. UINT64_MAX: no limit.
std::uint64_t left_to(const usage& used, const quotas& most);

/// Addresses are remembered for the day only.
void forget_addresses(parley::sql& db, std::uint32_t now);

}  // namespace msfs::store
