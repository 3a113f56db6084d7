/** Python's keywords and what generated classes use: modules and classes of that name get an underscore behind them. */
export const PYTHON_RESERVED: ReadonlySet<string> = new Set(
  `False None True and as assert async await break class continue def del elif else except finally for from global if import in is
  lambda nonlocal not or pass raise return try while with yield`.split(/\s+/),
);
