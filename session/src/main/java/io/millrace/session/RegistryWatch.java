package io.millrace.session;

import io.millrace.ring.BroadcastHandler;
import io.millrace.ring.BroadcastReader;
import java.nio.ByteBuffer;
import java.util.Objects;

/** One reader of a {@link RegistryPublisher}: never in anybody's way, and told when it missed something. One thread. */
public final class RegistryWatch {
    private final BroadcastReader reader;

    RegistryWatch(final BroadcastReader reader) {
        this.reader = reader;
    }

    /**
     * Hands over the changes published since the last call. A handler that throws is not given that change again.
     *
     * @param handler to call.
     * @param limit   of changes to hand over.
     * @return number of notices handled.
     */
    public int poll(final WatchHandler handler, final int limit) {
        return reader.read(new Decoder(Objects.requireNonNull(handler, "handler")), limit);
    }

    /**
     * Whether the publisher has ended. Any thread; wait-free. Nothing more comes when a watch saw this and then polled
     * in vain.
     *
     * @return true once the publisher is closed.
     */
    public boolean isClosed() {
        return reader.isClosed();
    }

    /** For debugging. Its thread; wait-free. */
    @Override
    public String toString() {
        return "RegistryWatch " + reader;
    }

    private static final class Decoder implements BroadcastHandler {
        private final WatchHandler handler;

        Decoder(final WatchHandler handler) {
            this.handler = handler;
        }

        @Override
        public void onRecord(final ByteBuffer buffer, final int offset, final int length) {
            RegistryNotice.decode(buffer, offset, length, handler);
        }

        @Override
        public void onMissed(final long records, final long bytes) {
            handler.onStartOver(-1, -1);
        }
    }
}
