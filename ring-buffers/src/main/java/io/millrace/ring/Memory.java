package io.millrace.ring;

import java.nio.ByteBuffer;

/**
 * Where a ring keeps its payload: whichever its consumer likes. The payload is never accessed atomically, so both work
 * everywhere; the JDK's TLS engine is faster on the heap, sockets and native engines off it.
 */
public enum Memory {
    /** A {@code byte[]}. */
    HEAP {
        @Override
        ByteBuffer allocate(final int length) {
            return ByteBuffer.allocate(length);
        }
    },
    /** Memory outside the heap. */
    DIRECT {
        @Override
        ByteBuffer allocate(final int length) {
            return ByteBuffer.allocateDirect(length);
        }
    };

    abstract ByteBuffer allocate(int length);
}
