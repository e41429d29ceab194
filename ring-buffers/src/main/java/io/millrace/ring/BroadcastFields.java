package io.millrace.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** What the writer of a {@link BroadcastRing} publishes, padded as {@link ProducerFields} is. */
@SuppressWarnings({"unused", "UnusedVariable"})
final class BroadcastFields {
    static final VarHandle TAIL;
    static final VarHandle OLDEST;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(BroadcastFields.class, "tail", long.class);
            OLDEST = lookup.findVarHandle(BroadcastFields.class, "oldest", long.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15;
    private long tail;
    private long oldest;
    private long z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15;
}
