/** Words of C23 and C++23 and of the headers that generated code includes, which cannot name a member. */
export const C_RESERVED: ReadonlySet<string> = new Set(
  `alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class co_await co_return
  co_yield compl concept const const_cast consteval constexpr constinit continue decltype default delete do double dynamic_cast
  else enum errno explicit export extern false float for friend goto if inline int linux long mutable namespace new noexcept not
  not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires restrict return short signed sizeof
  static static_assert static_cast struct switch template this thread_local throw true try typedef typeid typename typeof
  typeof_unqual union unix unsigned using virtual void volatile wchar_t while xor xor_eq assert offsetof i386`.split(
    /\s+/,
  ),
);
