#include "store/digest.hpp"

#include <functional>

#include "store/reader.hpp"

namespace parley::store {

namespace {

constexpr std::uint64_t fnv_basis = 14695981039346656037u, fnv_prime = 1099511628211u;

/// Every bit of it depends on every bit: sums of hashes that are only shifted would cancel each other out.
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

void take(std::uint64_t& hash, const void* data, std::size_t size) {
  for (const auto* at = static_cast<const unsigned char*>(data); size > 0; --size) hash = (hash ^ *at++) * fnv_prime;
}

void each_row(end& of, const table& what, const std::function<void(const parley_sql_value*)>& row) {
  reader in(of, what);
  page portion;
  while (in.next(portion)) {
    const auto& values = portion.values();
    for (std::size_t i = 0; i < values.size(); i += what.columns.size()) row(values.data() + i);
  }
}

}  // namespace

std::uint64_t hash_row(const parley_sql_value* row, std::size_t columns) {
  std::uint64_t hash = fnv_basis;
  for (std::size_t i = 0; i < columns; ++i) {
    take(hash, &row[i].type, sizeof row[i].type);
    if (row[i].type == PARLEY_SQL_INTEGER) take(hash, &row[i].integer, sizeof row[i].integer);
    if (row[i].type != PARLEY_SQL_BYTES) continue;
    const std::uint64_t size = row[i].bytes.size;
    take(hash, &size, sizeof size);
    take(hash, row[i].bytes.data, row[i].bytes.size);
  }
  return mixed(hash);
}

std::string conversation_column(const std::string& lower_name) {
  if (lower_name.starts_with("immessage_")) return "relateId";
  return lower_name.starts_with("imgroupmessage_") ? "groupId" : "";
}

std::size_t conversation_sums::cell_of(bool group, std::int64_t id) {
  return mixed(static_cast<std::uint64_t>(id) * 2 + group) % cells;
}

digest digest_table(end& of, const table& what, conversation_sums& sums) {
  digest whole;
  const auto name = conversation_column(lower(what.name));
  const auto* whose = name.empty() ? nullptr : what.find(name);
  const auto place = whose ? static_cast<std::size_t>(whose - what.columns.data()) : 0;
  each_row(of, what, [&](const parley_sql_value* row) {
    const auto hash = hash_row(row, what.columns.size());
    whole.add(hash);
    if (whose) sums.add(name == "groupId", row[place].integer, hash);
  });
  return whole;
}

std::map<std::int64_t, digest> digest_cell(end& of, const table& what, bool group, std::size_t cell) {
  std::map<std::int64_t, digest> found;
  const auto place = static_cast<std::size_t>(what.find(conversation_column(lower(what.name))) - what.columns.data());
  each_row(of, what, [&](const parley_sql_value* row) {
    const auto id = row[place].integer;
    if (conversation_sums::cell_of(group, id) == cell) found[id].add(hash_row(row, what.columns.size()));
  });
  return found;
}

}  // namespace parley::store
