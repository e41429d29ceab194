package io.millrace.transport.aeron;

import io.aeron.Counter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

/**
 * A listener's right to its streams of a channel among all clients of one driver, where Aeron would let several subscribe: a counter of the
 * driver's that bears the channel's name. Who finds another's beside its own gives way. It goes with the client, when that is
 * closed or the driver takes it for dead.
 */
final class ListenerClaim {
    /** Of counters of ours, among those of all applications. */
    private static final int TYPE_ID = 0x4d52;

    /** A listener takes three streams. */
    private static final int OVERLAP = 2;

    private static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(5);
    private static final int LONGEST_KEY = CountersReader.MAX_KEY_LENGTH - Integer.BYTES;

    private final Counter counter;

    private ListenerClaim(final Counter counter) {
        this.counter = counter;
    }

    /**
     * Takes it; one that is being given up may take a moment.
     *
     * @param channel  of the listener.
     * @param streamId the first of its streams.
     */
    static ListenerClaim take(final AeronClient client, final String channel, final int streamId, final long patienceNs)
            throws IOException {
        final List<DirectBuffer> rivals = new ArrayList<>();
        for (int id = Math.max(1, streamId - OVERLAP); id <= streamId + OVERLAP; id++) {
            rivals.add(key(channel, id));
        }
        final long startNs = System.nanoTime();
        while (count(client, rivals) > 0) {
            client.invoke();
            if (System.nanoTime() - startNs > patienceNs) {
                throw inUse(channel, streamId);
            }
            Naps.nap();
        }
        final DirectBuffer key = key(channel, streamId);
        final long id =
                client.addCounter(TYPE_ID, key, key.capacity(), "millrace listener: " + channel + "#" + streamId);
        final Counter counter = await(client, id);
        if (count(client, rivals) > 1) {
            counter.close();
            client.invoke();
            throw inUse(channel, streamId);
        }
        return new ListenerClaim(counter);
    }

    private static IOException inUse(final String channel, final int streamId) {
        return new IOException("the address is in use by another listener on this driver: channel=" + channel
                + " streams=" + streamId + " to " + (streamId + OVERLAP));
    }

    /** Long names may end alike, so that the key tells them apart by their hash. */
    static DirectBuffer key(final String channel, final int streamId) {
        final String name = channel + "#" + streamId;
        final String text = name.length() <= LONGEST_KEY - 16 ? name : name.substring(0, 64) + name.hashCode();
        final UnsafeBuffer key = new UnsafeBuffer(new byte[Integer.BYTES + text.length()]);
        key.putStringAscii(0, text);
        return key;
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

    private static int count(final AeronClient client, final List<DirectBuffer> keys) {
        final int[] count = new int[1];
        client.counters().forEach((counterId, typeId, found, label) -> {
            if (typeId == TYPE_ID && keys.stream().anyMatch(key -> startsWith(found, key))) {
                count[0]++;
            }
        });
        return count[0];
    }

    /** A key begins with its length, so that no other begins like it. */
    private static boolean startsWith(final DirectBuffer found, final DirectBuffer key) {
        boolean same = true;
        for (int i = 0; i < key.capacity() && same; i++) {
            same = found.getByte(i) == key.getByte(i);
        }
        return same;
    }

    void giveBack() {
        counter.close();
    }
}
