// The url of a pool: what it may look like, and that its password is not in the file.
#pragma once

#include <string>

#include "host/config/fields.hpp"

namespace parley::host {

/// What parse_sql_url() takes. Errors never repeat the expanded text.
void check_sql_url(const value& url);

/// "memory:", or one of redis_url_forms.
void check_cache_url(const value& url);

/// Whether a password, or a part of one, stands in the url as written: outside ${...}, or as the default of one.
bool has_literal_password(const std::string& source);

}  // namespace parley::host
