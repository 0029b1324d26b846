"""Reads TensorBoard event files with nothing but the standard library, and prints a line for each value: step, tag, number.

A second reader in a second language: the framing is that of TensorFlow's record files, the checksum CRC-32C by a table made here, the messages are taken apart by
the rules of the protocol buffers' encoding. Ends with exit code 1 at the first byte that is not as it should be.
"""

import struct
import sys

POLYNOMIAL = 0x82F63B78


def make_table():
    table = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = crc >> 1 ^ (POLYNOMIAL if crc & 1 else 0)
        table.append(crc)
    return table


TABLE = make_table()


def masked_crc(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 0xFF]
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(data):
    place = 0
    while place < len(data):
        (length,) = struct.unpack_from("<Q", data, place)
        (crc,) = struct.unpack_from("<I", data, place + 8)
        assert crc == masked_crc(data[place : place + 8]), f"checksum of the length at byte {place}"
        record = data[place + 12 : place + 12 + length]
        assert len(record) == length, f"record at byte {place} is cut off"
        (crc,) = struct.unpack_from("<I", data, place + 12 + length)
        assert crc == masked_crc(record), f"checksum of the record at byte {place}"
        yield record
        place += 16 + length


def varint(data, place):
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place


def fields(data):
    place = 0
    while place < len(data):
        key, place = varint(data, place)
        kind = key & 7
        if kind == 0:
            value, place = varint(data, place)
        elif kind == 1:
            (value,) = struct.unpack_from("<d", data, place)
            place += 8
        elif kind == 5:
            (value,) = struct.unpack_from("<f", data, place)
            place += 4
        elif kind == 2:
            length, place = varint(data, place)
            value = data[place : place + length]
            assert len(value) == length, "a field is cut off"
            place += length
        else:
            raise AssertionError(f"wire type {kind}")
        yield key >> 3, value


def main(path):
    with open(path, "rb") as file:
        data = file.read()
    for place, record in enumerate(records(data)):
        event = dict(fields(record))
        if place == 0:
            assert event[3] == b"brain.Event:2", event
            continue
        for number, value in fields(event[5]):
            assert number == 1, number
            parts = dict(fields(value))
            tag = parts[1].decode("utf-8")
            if 2 in parts:
                print(event.get(2, 0), tag, repr(parts[2]))
            elif 5 in parts:
                histogram = dict(fields(parts[5]))
                counts = struct.unpack(f"<{len(histogram[7]) // 8}d", histogram[7])
                assert sum(counts) == histogram[3], "counts and their sum"
                print(event.get(2, 0), tag, f"histogram of {int(histogram[3])}")
            else:
                print(event.get(2, 0), tag, "text", len(dict(fields(parts[8]))[8]))


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except (AssertionError, IndexError, KeyError, struct.error) as error:
        print(f"{sys.argv[1]}: {error}", file=sys.stderr)
        sys.exit(1)
