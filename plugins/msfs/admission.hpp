// Who may upload: whoever has a token, and others as `open_uploads` says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store.hpp"
#include "token.hpp"

namespace msfs {

enum class openness { off, loopback, on };
openness openness_of(std::string_view word);

bool is_loopback(std::string_view address);
/// As its quota counts an address: IPv4 as it is, of IPv6 the /64, which is one household's.
std::string quota_address(std::string_view address);

/// X-Parley-Upload-Token, or else what stands behind token= in the query. Empty: none.
std::string_view token_of(std::string_view header, std::string_view query);

/// None: may not. A token that is no good admits nobody, wherever it comes from.
std::optional<store::uploader> admit(const token_mint& mint, openness open, std::string_view token,
                                     std::string_view peer, std::uint64_t now_s);

}  // namespace msfs
