package io.millrace.transport.aeron;

import io.aeron.Counter;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

/**
 * A listener's right to its channel among all clients of one driver, where Aeron would let several subscribe: a counter of the
 * driver's that bears the channel's name. Who finds another's beside its own gives way. It goes with the client, when that is
 * closed or the driver takes it for dead.
 */
final class ListenerClaim {
    /** Of counters of ours, among those of all applications. */
    private static final int TYPE_ID = 0x4d52;

    private static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(5);
    private static final int LONGEST_KEY = CountersReader.MAX_KEY_LENGTH - Integer.BYTES;

    private final Counter counter;

    private ListenerClaim(final Counter counter) {
        this.counter = counter;
    }

    /** Takes it; one that is being given up may take a moment. */
    static ListenerClaim take(final AeronClient client, final String name, final long patienceNs) throws IOException {
        final UnsafeBuffer key = new UnsafeBuffer(new byte[CountersReader.MAX_KEY_LENGTH]);
        // Long names may end alike, so that the key tells them apart by their hash.
        final String text = name.length() <= LONGEST_KEY - 16 ? name : name.substring(0, 64) + name.hashCode();
        final int length = key.putStringAscii(0, text);
        final long startNs = System.nanoTime();
        while (isTaken(client, key, length)) {
            client.invoke();
            if (System.nanoTime() - startNs > patienceNs) {
                throw new IOException("the address is in use by another listener on this driver: channel=" + name);
            }
            Naps.nap();
        }
        final long id = client.addCounter(TYPE_ID, key, length, "millrace listener: " + name);
        final Counter counter = await(client, id);
        if (count(client, key, length) > 1) {
            counter.close();
            client.invoke();
            throw new IOException("the address is in use by another listener on this driver: channel=" + name);
        }
        return new ListenerClaim(counter);
    }

    private static Counter await(final AeronClient client, final long id) throws IOException {
        final long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < ANSWER_NS) {
            client.invoke();
            final Counter counter = client.counter(id);
            if (counter != null) {
                return counter;
            }
            Naps.nap();
        }
        throw new IOException("the media driver does not answer: directory=" + client.directory());
    }

    private static boolean isTaken(final AeronClient client, final UnsafeBuffer key, final int length) {
        return count(client, key, length) > 0;
    }

    private static int count(final AeronClient client, final UnsafeBuffer key, final int length) {
        final int[] count = new int[1];
        client.counters().forEach((counterId, typeId, found, label) -> {
            if (typeId == TYPE_ID) {
                boolean same = true;
                for (int i = 0; i < length && same; i++) {
                    same = found.getByte(i) == key.getByte(i);
                }
                count[0] += same ? 1 : 0;
            }
        });
        return count[0];
    }

    void giveBack() {
        counter.close();
    }
}
