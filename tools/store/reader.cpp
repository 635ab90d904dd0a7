#include "store/reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "store/trouble.hpp"

namespace parley::store {

namespace {

constexpr std::size_t page_bytes = 2 << 20, most_rows = 1024, first_rows = 64, fewest_rows = 4,
                      most_large_rows = 16;  // the next may be larger than those before

std::string hex(const std::string& bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const unsigned char c : bytes) (out += digits[c >> 4]) += digits[c & 15];
  return out;
}

std::string from_hex(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    out += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  }
  return out;
}

}  // namespace

void page::clear() {
  cells_.clear();
  begins_.clear();
  bytes_.clear();
}

void page::add(const parley_sql_value* row, std::size_t columns) {
  for (std::size_t i = 0; i < columns; ++i) {
    cells_.push_back(row[i]);
    begins_.push_back(bytes_.size());
    if (row[i].type == PARLEY_SQL_BYTES) bytes_.append(static_cast<const char*>(row[i].bytes.data), row[i].bytes.size);
  }
}

const std::vector<parley_sql_value>& page::values() {
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (cells_[i].type == PARLEY_SQL_BYTES) cells_[i].bytes.data = bytes_.data() + begins_[i];
  }
  return cells_;
}

reader::reader(end& in, const table& what, const std::string& position)
    : end_(in), table_(what), limit_(what.has_bytes() ? fewest_rows : first_rows) {
  if (table_.key.empty()) {
    throw trouble(end_.shown() + ": table " + table_.name + " has no primary key, and cannot be copied in portions");
  }
  for (const auto& name : table_.key) {
    key_columns_.push_back(static_cast<std::size_t>(table_.find(name) - table_.columns.data()));
  }
  if (position.empty()) return;
  for (const auto& value : nlohmann::json::parse(position)) {
    if (value.is_string()) {
      last_.push_back({false, 0, from_hex(value.get<std::string>())});
    } else {
      last_.push_back({true, value.get<std::int64_t>(), {}});
    }
  }
}

std::string reader::position() const {
  auto out = nlohmann::json::array();
  for (const auto& one : last_) {
    if (one.integer) {
      out.push_back(one.number);
    } else {
      out.push_back(hex(one.bytes));
    }
  }
  return out.dump();
}

std::string reader::behind(std::vector<parley_sql_value>& values) const {
  if (last_.empty()) return {};
  const auto add = [&](std::size_t i) {
    const auto& v = last_[i];
    values.push_back(v.integer ? parley_sql_value{PARLEY_SQL_INTEGER, 0, v.number, {}}
                               : parley_sql_value{PARLEY_SQL_BYTES, 0, 0, {v.bytes.data(), v.bytes.size()}});
  };
  std::string text;
  if (end_.sqlite()) {
    std::string marks;
    for (std::size_t i = 0; i < last_.size(); ++i) {
      text += (i ? "," : "") + quoted(table_.key[i]);
      marks += i ? ",?" : "?";
      add(i);
    }
    return " WHERE (" + text + ") > (" + marks + ")";
  }
  for (std::size_t deep = 0; deep < last_.size(); ++deep) {
    text += deep ? " OR (" : "(";
    for (std::size_t i = 0; i < deep; ++i) {
      text += quoted(table_.key[i]) + " = ? AND ";
      add(i);
    }
    text += quoted(table_.key[deep]) + " > ?)";
    add(deep);
  }
  return " WHERE " + text;
}

bool reader::next(page& into) {
  into.clear();
  std::string columns, order;
  for (const auto& one : table_.columns) columns += (columns.empty() ? "" : ",") + quoted(one.name);
  for (const auto& one : table_.key) order += (order.empty() ? "" : ",") + quoted(one);
  std::vector<parley_sql_value> values;
  const auto where = behind(values);
  const auto statement = "SELECT " + columns + " FROM " + quoted(table_.name) + where + " ORDER BY " + order +
                         " LIMIT " + std::to_string(limit_);
  std::size_t rows = 0;
  std::vector<key_value> last;
  end_.query(statement, values, table_.letters(), [&](const parley_sql_value* row) {
    into.add(row, table_.columns.size());
    last.clear();
    for (const auto i : key_columns_) {
      const auto& v = row[i];
      const bool integer = v.type == PARLEY_SQL_INTEGER;
      last.push_back({integer, integer ? v.integer : 0,
                      integer ? std::string() : std::string(static_cast<const char*>(v.bytes.data), v.bytes.size)});
    }
    ++rows;
  });
  if (rows == 0) return false;
  if (last == last_) {
    throw trouble(end_.shown() + ": table " + table_.name + " does not go on behind " + position() +
                  ": its key is not of the type that its column says");
  }
  last_ = std::move(last);
  rows_ += rows;
  adapt(rows, into.bytes());
  return true;
}

void reader::adapt(std::size_t rows, std::size_t bytes) {
  const auto fits = page_bytes / std::max<std::size_t>(1, bytes / rows);
  // Few widths, so that few statements stay prepared.
  while (limit_ > fewest_rows && limit_ > fits) limit_ /= 4;
  const auto most = table_.has_bytes() ? most_large_rows : most_rows;
  if (limit_ < most && limit_ * 4 <= fits) limit_ *= 4;
}

}  // namespace parley::store
