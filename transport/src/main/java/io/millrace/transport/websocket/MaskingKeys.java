package io.millrace.transport.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Masking keys for clients: from a strong source, unpredictable, none handed out twice (RFC 6455 sections 5.3 and 10.3).
 * Drawn in batches, for one draw costs as much as many. Any thread; lock-free but for what the JDK's source does inside.
 *
 * <p>A key is taken by exchanging it for 0, so that two threads never get the same one, however long one of them stood still
 * in between. Who finds an empty place fills the whole batch, and who finds another one filling draws a key for
 * himself.
 *
 * <h2>Memory ordering</h2>
 *
 * <ul>
 *   <li>keys: by {@code getAndSet} (volatile) when taken and {@code compareAndSet} when filled: each stands for itself.
 *   <li>scratch: taken and given back by {@code getAndSet} and {@code set}: its content travels with it, and the filler's state.
 * </ul>
 */
final class MaskingKeys {
    private static final int BATCH = 1024;
    private static final VarHandle KEYS = MethodHandles.arrayElementVarHandle(int[].class);

    private final SecureRandom source;

    /** Used by the one who fills. */
    private final Consumer<byte[]> filler;

    private final int[] keys = new int[BATCH];
    private final AtomicInteger next = new AtomicInteger();

    /** Null while somebody fills. */
    private final AtomicReference<byte[]> scratch = new AtomicReference<>(new byte[BATCH * Integer.BYTES]);

    /** Draws from a source, batch by batch by a stream of its own, for that costs nothing per key. */
    MaskingKeys(final SecureRandom source) {
        this(source, new CipherStream(source, BATCH * Integer.BYTES));
    }

    MaskingKeys(final SecureRandom source, final Consumer<byte[]> filler) {
        this.source = source;
        this.filler = filler;
    }

    /** A key that is not 0: that would leave the payload as it is. */
    int take() {
        while (true) {
            final int key = (int) KEYS.getAndSet(keys, next.getAndIncrement() & (BATCH - 1), 0);
            if (key != 0) {
                return key;
            }
            final byte[] filling = scratch.getAndSet(null);
            if (filling != null) {
                try {
                    fill(filling);
                } finally {
                    scratch.set(filling);
                }
            } else {
                final int drawn = source.nextInt();
                if (drawn != 0) {
                    return drawn;
                }
            }
        }
    }

    private void fill(final byte[] filling) {
        filler.accept(filling);
        for (int i = 0; i < BATCH; i++) {
            final int at = i * Integer.BYTES;
            final int key = (filling[at] << 24)
                    | ((filling[at + 1] & 0xFF) << 16)
                    | ((filling[at + 2] & 0xFF) << 8)
                    | (filling[at + 3] & 0xFF);
            KEYS.compareAndSet(keys, i, 0, key);
        }
        Arrays.fill(filling, (byte) 0);
    }
}
