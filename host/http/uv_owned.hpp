// A libuv handle on the heap with one owner: letting go closes it, its memory goes when libuv has closed it.
#pragma once

#include <uv.h>

#include <memory>

namespace parley::host {

struct uv_closer {
  template <class Handle>
  void operator()(Handle* h) const {
    uv_close(reinterpret_cast<uv_handle_t*>(h), [](uv_handle_t* closed) { delete reinterpret_cast<Handle*>(closed); });
  }
};

/// Holds only handles whose init has succeeded.
template <class Handle>
using uv_owned = std::unique_ptr<Handle, uv_closer>;

}  // namespace parley::host
