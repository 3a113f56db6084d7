"""Says what it finds in a message of sample/Everything, and writes one: echo FOLDER IN OUT."""

import importlib
import os
import sys

folder, source, target = sys.argv[1:]
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(folder))
schemas = importlib.import_module(os.path.basename(folder) + '.sample')
Everything = schemas.Everything

with open(source, 'rb') as file:
    given = file.read()
message = Everything.read(given)
print('frame_id', message['frame_id'])
print('stamp', *message['stamp'])
print('mode', int(message['mode'].name == 'DRIVE'))
print('i64', message['numbers']['i64'], 'u64', message['numbers']['u64'])
print('f64', repr(message['numbers']['f64']))
print('shorts', *message['lists']['shorts'])
print('label', message['lists']['parts'][0]['label'])
print('end', message['end'])

# All of it once more, field by field.
again = Everything.pack(message.to_dict())
assert Everything.read(again).to_dict() == message.to_dict()
for length in range(len(given)):
    try:
        Everything.read(given[:length]).to_dict()
    except ValueError:
        continue
    raise AssertionError(f'{length} bytes of {len(given)} are a message')

with open(target, 'wb') as file:
    file.write(Everything.pack({
        'frame_id': 'grü',
        'numbers': {'u64': 2**64 - 1},
        'mode': 500,
        'lists': {'doubles': [1.5, -2.0]},
        'end': 9,
    }))
