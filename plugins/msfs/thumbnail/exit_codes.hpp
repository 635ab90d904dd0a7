// What parley-thumbnail says by its exit code.
#pragma once

namespace msfs::thumbnail_exit {

inline constexpr int made = 0;
inline constexpr int failed = 1;    // not the image's fault: asked for again, it may go well
inline constexpr int no_image = 2;  // not decodable, of no known kind, or of too many pixels

}  // namespace msfs::thumbnail_exit
