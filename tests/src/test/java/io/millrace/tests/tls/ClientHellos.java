package io.millrace.tests.tls;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/** Reads off a ClientHello which ticket it offers: as an onlooker on the wire would, and not as the library does. */
public final class ClientHellos {
    private static final int RECORD_HEADER = 5;
    private static final int PRE_SHARED_KEY = 41;

    private ClientHellos() {}

    /** The first identity of the pre_shared_key extension, if the record at the buffer's position has one. */
    public static Optional<String> ticketOf(final ByteBuffer wire) {
        final ByteBuffer in = wire.duplicate();
        if (in.remaining() < RECORD_HEADER || in.get(in.position()) != 22) {
            return Optional.empty();
        }
        in.position(in.position() + RECORD_HEADER + 4 + 2 + 32);
        skip(in, in.get() & 0xFF);
        skip(in, in.getShort() & 0xFFFF);
        skip(in, in.get() & 0xFF);
        final int end = (in.getShort() & 0xFFFF) + in.position();
        while (in.position() < end) {
            final int kind = in.getShort() & 0xFFFF;
            final int length = in.getShort() & 0xFFFF;
            if (kind == PRE_SHARED_KEY) {
                in.getShort();
                final byte[] identity = new byte[in.getShort() & 0xFFFF];
                in.get(identity);
                return Optional.of(HexFormat.of().formatHex(identity));
            }
            skip(in, length);
        }
        return Optional.empty();
    }

    private static void skip(final ByteBuffer in, final int bytes) {
        in.position(in.position() + bytes);
    }
}
