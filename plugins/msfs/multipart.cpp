#include "multipart.hpp"

#include <algorithm>
#include <optional>

#include "parameters.hpp"
#include "window.hpp"

namespace msfs {
namespace {

constexpr std::size_t longest_padding = 64;  // blanks behind a delimiter

struct delimiter {
  std::uint64_t begin = 0;     // where the content before it ends
  std::uint64_t line_end = 0;  // the CRLF that ends its line
  bool closing = false;
};

class reader {
 public:
  reader(byte_source& body, std::string_view boundary) : bytes_(body), mark_("\r\n--" + std::string(boundary)) {}

  /// At the very beginning, or where a line begins.
  std::optional<delimiter> first() {
    const std::string_view bare = std::string_view(mark_).substr(2);
    if (bytes_.at(0, bare.size()).starts_with(bare)) {
      if (const auto found = complete(0, bare.size())) return found;
    }
    return next(0);
  }

  std::optional<delimiter> next(std::uint64_t from) {
    while (const auto at = bytes_.find(mark_, from)) {
      if (const auto found = complete(*at, mark_.size())) return found;
      from = *at + 1;
    }
    return std::nullopt;
  }

  /// The part's header lines, without the blank one, which is there if `ended`.
  struct head {
    std::string lines;
    bool ended = false;
    std::uint64_t content = 0;
  };
  head head_behind(const delimiter& d) {
    const auto seen = bytes_.at(d.line_end, longest_part_head).substr(0, longest_part_head);
    const auto next_mark = seen.find(mark_, 2);
    const auto blank = seen.substr(0, next_mark == seen.npos ? seen.size() : next_mark + 2).find("\r\n\r\n");
    head out;
    out.ended = blank != seen.npos;
    out.lines = std::string(seen.substr(0, out.ended ? blank : std::min(next_mark, seen.size())));
    out.content = d.line_end + (out.ended ? blank + 4 : 0);
    return out;
  }

 private:
  /// Whether what begins at `at` and is `size` long is a delimiter, and not a longer word.
  std::optional<delimiter> complete(std::uint64_t at, std::size_t size) {
    auto rest = bytes_.at(at, size + longest_padding + 2).substr(size).substr(0, longest_padding + 2);
    if (rest.starts_with("--")) return delimiter{at, at + size + 2, true};
    const auto padding = std::min(rest.find_first_not_of(" \t"), rest.size());
    rest.remove_prefix(padding);
    if (!rest.starts_with("\r\n")) return std::nullopt;
    return delimiter{at, at + size + padding, false};
  }

  window bytes_;
  std::string mark_;
};

/// The value of a header line, if it is there.
std::optional<std::string_view> line_of(std::string_view lines, std::string_view lower_name) {
  while (!lines.empty()) {
    const auto end = std::min(lines.find("\r\n"), lines.size());
    const auto line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 2, lines.size()));
    const auto colon = line.find(':');
    if (colon != line.npos && equal_ignoring_case(line.substr(0, colon), lower_name)) return line.substr(colon + 1);
  }
  return std::nullopt;
}

}  // namespace

std::string boundary_of(std::string_view content_type) {
  auto found = parameter(content_type, "boundary");
  if (!found || found->size() > longest_boundary) return {};
  const bool printable = std::all_of(found->begin(), found->end(), [](char c) { return c >= ' ' && c <= '~'; });
  return printable ? std::move(*found) : std::string();
}

file_part find_file(byte_source& body, std::string_view boundary) {
  reader parts(body, boundary);
  auto at = parts.first();
  if (!at) return {fault::boundary_not_found};
  file_part out{fault::no_disposition};
  for (int i = 0; i < most_parts && !at->closing; ++i) {
    const auto head = parts.head_behind(*at);
    const auto disposition = line_of(head.lines, "content-disposition");
    auto name = disposition ? parameter(*disposition, "filename") : std::nullopt;
    if (name) {
      out.name = std::move(*name);
      out.why = !line_of(head.lines, "content-type") ? fault::no_content_type
                : !head.ended                        ? fault::no_blank_line
                                                     : fault::none;
      if (out.why != fault::none) return out;
      // The blank line may be the delimiter's own: nothing lies between.
      const auto end = parts.next(head.content - 2);
      if (!end) {
        out.why = fault::no_end;
        return out;
      }
      out.begin = head.content;
      out.size = std::max(end->begin, head.content) - head.content;
      return out;
    }
    if (disposition) out.why = fault::no_filename;
    at = parts.next(head.ended ? head.content - 2 : at->line_end);
    if (!at) break;
  }
  return out;
}

}  // namespace msfs
