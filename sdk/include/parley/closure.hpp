// What may be handed to a pool inside a co_await.
#pragma once

#include <type_traits>

namespace parley::detail {

/// Rationale: g++ before 13 destroys a temporary closure inside a co_await expression twice. One whose captures need no
/// destructor (numbers, pointers, references into the coroutine's own frame, which outlives the job) is safe, and so is
/// one that has a name.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
template <class Fn>
inline constexpr bool safe_in_co_await =
    std::is_lvalue_reference_v<Fn> || std::is_trivially_destructible_v<std::remove_cvref_t<Fn>>;
#else
template <class Fn>
inline constexpr bool safe_in_co_await = true;
#endif

}  // namespace parley::detail
