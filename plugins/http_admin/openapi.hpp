// openapi.yaml as JSON; made while this is built.
#pragma once

#include <string_view>

namespace http_admin {

std::string_view openapi_json();

}  // namespace http_admin
