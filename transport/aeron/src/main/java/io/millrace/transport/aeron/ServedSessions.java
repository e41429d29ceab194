package io.millrace.transport.aeron;

import java.util.function.BooleanSupplier;
import org.agrona.collections.Int2ObjectHashMap;

/** Which sessions a listener has connections for, that live as far as is known. The listener's thread. */
final class ServedSessions {
    private static final int LEAST = 64;

    /** Whether it is over, by the session. */
    private final Int2ObjectHashMap<BooleanSupplier> bySession = new Int2ObjectHashMap<>();

    private int sweepAt = LEAST;

    boolean contains(final int sessionId) {
        final BooleanSupplier isOver = bySession.get(sessionId);
        return isOver != null && !isOver.getAsBoolean();
    }

    /** Those that are over are let go of now and then. */
    void add(final int sessionId, final BooleanSupplier isOver) {
        bySession.put(sessionId, isOver);
        if (bySession.size() >= sweepAt) {
            bySession.values().removeIf(BooleanSupplier::getAsBoolean);
            sweepAt = Math.max(LEAST, 2 * bySession.size());
        }
    }

    int size() {
        return bySession.size();
    }
}
