/** What all Python modules share: types of fields, reading in place, packing. numpy is imported when the first dtype is made. */
export const PYTHON_RUNTIME = String.raw`"""Messages in place: Struct.read(buffer)['field'] reads one, Struct.pack({...}) makes one, Struct.dtype() is numpy's view of it."""

import struct


class CorruptMessage(ValueError):
    """A span does not lie in the message's tail, or the message is shorter than its fixed part."""


_CODES = {'?': 'B', 'i1': 'b', 'u1': 'B', '<i2': '<h', '<u2': '<H', '<i4': '<i', '<u4': '<I', '<i8': '<q', '<u8': '<Q', '<f4': '<f', '<f8': '<d'}
_SPAN = struct.Struct('<II')
_TIME = struct.Struct('<iI')


class Number:
    def __init__(self, code):
        self.code = code
        self._struct = struct.Struct(_CODES[code])
        self.size = self.align = self._struct.size

    def dtype(self):
        import numpy
        return numpy.dtype('u1' if self.code == '?' else self.code)

    def get(self, message, at):
        value = self._struct.unpack_from(message.data, at)[0]
        return value != 0 if self.code == '?' else value

    def put(self, tail, at, value):
        self._struct.pack_into(tail.data, at, value)


class Enum(Number):
    """Read as a member; a number without a name stays a number."""

    def __init__(self, code, members):
        super().__init__(code)
        self.members = members

    def get(self, message, at):
        value = super().get(message, at)
        try:
            return self.members(value)
        except ValueError:
            return value


class _Time:
    """A tuple (sec, nsec); nsec always adds."""

    size, align = 8, 4

    def dtype(self):
        import numpy
        return numpy.dtype([('sec', '<i4'), ('nsec', '<u4')])

    def get(self, message, at):
        return _TIME.unpack_from(message.data, at)

    def put(self, tail, at, value):
        _TIME.pack_into(tail.data, at, *value)


class _Spanned:
    size, align = 8, 4

    def dtype(self):
        import numpy
        return numpy.dtype([('offset', '<u4'), ('length', '<u4')])


class _Text(_Spanned):
    def get(self, message, at):
        start, length = message.span(at, 1, 1)
        return bytes(message.data[start:start + length]).decode('utf-8', 'replace')

    def put(self, tail, at, value):
        encoded = value.encode('utf-8')
        start = tail.allocate(at, len(encoded), 1, 1)
        tail.data[start:start + len(encoded)] = encoded


TIME = _Time()
TEXT = _Text()


class Nested:
    def __init__(self, schema):
        self.schema = schema
        self.size, self.align = schema.SIZE, schema.ALIGN

    def dtype(self):
        return self.schema.dtype()

    def get(self, message, at):
        return self.schema(message, at)

    def put(self, tail, at, value):
        self.schema._put(tail, at, value)


def _items(message, element, start, length):
    """Numbers as a memoryview over the message, else a list."""
    if type(element) is Number:
        # The machine is little-endian, as messages are.
        return message.data[start:start + length * element.size].cast(_CODES[element.code][-1])
    return [element.get(message, start + i * element.size) for i in range(length)]


class Array:
    """Inside the message, so many elements."""

    def __init__(self, element, length):
        self.element, self.length = element, length
        self.size, self.align = element.size * length, element.align

    def dtype(self):
        import numpy
        return numpy.dtype((self.element.dtype(), (self.length,)))

    def get(self, message, at):
        return _items(message, self.element, at, self.length)

    def put(self, tail, at, value):
        if len(value) != self.length:
            raise ValueError(f'wants {self.length} elements, given {len(value)}')
        for i, each in enumerate(value):
            self.element.put(tail, at + i * self.element.size, each)


class List(_Spanned):
    """In the message's tail."""

    def __init__(self, element):
        self.element = element

    def get(self, message, at):
        start, length = message.span(at, self.element.size, self.element.align)
        return _items(message, self.element, start, length)

    def put(self, tail, at, value):
        start = tail.allocate(at, len(value), self.element.size, self.element.align)
        for i, each in enumerate(value):
            self.element.put(tail, start + i * self.element.size, each)


class _Message:
    def __init__(self, buffer, fixed):
        self.data = memoryview(buffer).cast('B')
        self.fixed = fixed
        if len(self.data) < fixed:
            raise CorruptMessage(f'a message of {len(self.data)} bytes; its schema takes {fixed} or more')

    def span(self, at, stride, align):
        start, length = _SPAN.unpack_from(self.data, at)
        if length == 0:
            return 0, 0
        if start < self.fixed or start % align != 0 or start + length * stride > len(self.data):
            raise CorruptMessage(f'a span of {length} x {stride} bytes at {start} does not lie in the tail of a message of {len(self.data)}')
        return start, length


class _Tail:
    def __init__(self, fixed):
        self.data = bytearray(fixed)

    def allocate(self, at, length, stride, align):
        if length == 0:
            return 0
        start = -(-len(self.data) // align) * align
        self.data.extend(bytes(start + length * stride - len(self.data)))
        _SPAN.pack_into(self.data, at, start, length)
        return start


class Struct:
    """A struct in a message, read in place. Fields by name: image['width']."""

    FIELDS = {}

    def __init__(self, message, at):
        self._message, self._at = message, at

    @classmethod
    def read(cls, buffer):
        """The message in a buffer of bytes. Raises CorruptMessage when it is too short."""
        return cls(_Message(buffer, cls.SIZE), 0)

    @classmethod
    def pack(cls, value):
        """The message with these fields, as bytes; those left out are zeros. Raises KeyError for unknown ones."""
        tail = _Tail(cls.SIZE)
        cls._put(tail, 0, value)
        return bytes(tail.data)

    @classmethod
    def _put(cls, tail, at, value):
        for name, each in value.items():
            offset, kind = cls.FIELDS[name]
            kind.put(tail, at + offset, each)

    @classmethod
    def dtype(cls):
        """The fixed part as numpy has it; spans are records of offset and length."""
        if '_dtype' not in cls.__dict__:
            import numpy
            names = list(cls.FIELDS)
            cls._dtype = numpy.dtype({
                'names': names,
                'formats': [cls.FIELDS[name][1].dtype() for name in names],
                'offsets': [cls.FIELDS[name][0] for name in names],
                'itemsize': cls.SIZE,
            })
        return cls._dtype

    def __getitem__(self, name):
        offset, kind = self.FIELDS[name]
        return kind.get(self._message, self._at + offset)

    def to_dict(self):
        """A copy: nested structs as dicts, arrays as lists."""
        return {name: _plain(self[name]) for name in self.FIELDS}


def _plain(value):
    if isinstance(value, Struct):
        return value.to_dict()
    if isinstance(value, memoryview):
        return value.tolist()
    return [_plain(each) for each in value] if isinstance(value, list) else value
`;
