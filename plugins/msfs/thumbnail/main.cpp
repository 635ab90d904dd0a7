// parley-thumbnail WIDTH HEIGHT PIXELS MEMORY SECONDS: the image on descriptor 0, shrunk into that box, as a JPEG on
// descriptor 1. It does nothing else, and bounds itself before it reads a byte of it: whatever a decoder is made to do
// costs this process, and this much.
#include <sys/prctl.h>
#include <sys/resource.h>
#include <vips/vips.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>

#include "exit_codes.hpp"

namespace {

using namespace msfs::thumbnail_exit;

bool limit(__rlimit_resource what, std::uint64_t most) {
  const rlimit both{most, most};
  return setrlimit(what, &both) == 0;
}

bool bound_myself([[maybe_unused]] std::uint64_t memory, std::uint64_t seconds) {
  return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_DUMPABLE, 0) == 0 && limit(RLIMIT_CPU, seconds) && limit(RLIMIT_CORE, 0) &&
         limit(RLIMIT_FSIZE, 8 << 20) && limit(RLIMIT_NOFILE, 64)
#ifndef PARLEY_SANITIZED  // whose shadow takes terabytes of address space
         && limit(RLIMIT_AS, memory)
#endif
      ;
}

/// Only what is made for strangers' images: no ImageMagick, no PDF, no SVG.
bool start_decoders() {
  g_setenv("VIPS_BLOCK_UNTRUSTED", "1", TRUE);
  if (VIPS_INIT("parley-thumbnail") != 0) return false;
  vips_block_untrusted_set(TRUE);
  for (const char* unwanted : {"VipsForeignLoadMagick", "VipsForeignLoadPdf", "VipsForeignLoadSvg"}) {
    vips_operation_block_set(unwanted, TRUE);
  }
  vips_concurrency_set(1);
  vips_cache_set_max(0);
  return true;
}

int make(int width, int height, std::uint64_t pixels) {
  VipsSource* source = vips_source_new_from_descriptor(0);
  if (!source) return failed;
  VipsImage* header = vips_image_new_from_source(source, "", "access", VIPS_ACCESS_SEQUENTIAL, nullptr);
  if (!header) return no_image;
  const auto size = static_cast<std::uint64_t>(vips_image_get_width(header)) *
                    static_cast<std::uint64_t>(vips_image_get_height(header));
  g_object_unref(header);
  if (size > pixels || vips_source_rewind(source) != 0) return no_image;

  VipsImage* small = nullptr;
  if (vips_thumbnail_source(source, &small, width, "height", height, "size", VIPS_SIZE_DOWN, nullptr) != 0) {
    return no_image;
  }
  VipsTarget* target = vips_target_new_to_descriptor(1);
  VipsArrayDouble* white = vips_array_double_newv(1, 255.0);
  // Pixels are decoded here, row by row.
  const int written =
      target ? vips_jpegsave_target(small, target, "Q", 80, "strip", TRUE, "background", white, nullptr) : -1;
  return written == 0 ? made : no_image;
}

}  // namespace

int main(int count, char** words) {
  if (count != 6) return failed;
  const auto number = [&](int i) { return std::strtoull(words[i], nullptr, 10); };
  if (!bound_myself(number(4), number(5)) || !start_decoders()) return failed;
  // Nothing is handed back: the process ends here.
  std::_Exit(make(static_cast<int>(number(1)), static_cast<int>(number(2)), number(3)));
}
