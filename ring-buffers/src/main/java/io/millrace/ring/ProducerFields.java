package io.millrace.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What producers write: the tail word and their shared copy of the consumer's head, on cache lines of their own (two
 * on either side, for the prefetcher fetches lines in pairs). {@code LayoutTest} holds the padding.
 */
@SuppressWarnings({"unused", "UnusedVariable"})
final class ProducerFields {
    static final VarHandle TAIL;
    static final VarHandle HEAD_POSITION_CACHE;
    static final VarHandle HEAD_SLOT_CACHE;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(ProducerFields.class, "tail", long.class);
            HEAD_POSITION_CACHE = lookup.findVarHandle(ProducerFields.class, "headPositionCache", long.class);
            HEAD_SLOT_CACHE = lookup.findVarHandle(ProducerFields.class, "headSlotCache", long.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15;
    private long tail;
    // Apart from the tail: every claim reads the copy and a commit does again, but hardly anyone writes it.
    private long m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15;
    private long headPositionCache;
    private long headSlotCache;
    private long z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15;
}
