package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.tls.ProbeSides;
import io.millrace.transport.tls.TlsEngineDriver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How messages come to lie in records of TLS: as full as can be, but none waits for another. */
@Timeout(60)
class TlsRecordsTest {
    private static final int ROOM = 100_000;
    private static final int TURNS = 100;
    private static final int CONTENT_TYPE_CONTENT = 23;
    private static final int HEADER_LENGTH = 5;

    /** Of content in a record (RFC 8446, section 5.1). */
    private static final int FULL = 16 * 1024;

    /** What encryption may add to it. */
    private static final int MOST_ADDED = 256;

    private static final int PREFIX_LENGTH = 4;

    private final ConnectionRig rig = new ConnectionRig();
    private TlsEngineDriver client;
    private Connection connection;

    @BeforeEach
    void open() throws Exception {
        final ProbeSides sides = new ProbeSides();
        client = sides.client().begin();
        rig.tls = Optional.of(sides.server());
        rig.make(new ConnectionContext());
        final ByteBuffer answers = ByteBuffer.allocate(ROOM).limit(0);
        for (int turn = 0; turn < TURNS && !(client.isHandshakeDone() && rig.counters.opened() == 1); turn++) {
            final ByteBuffer hello = ByteBuffer.allocate(ROOM);
            client.wrap(hello);
            rig.channel.receive(hello.flip());
            rig.turn();
            answers.compact().put(rig.channel.written.toByteArray()).flip();
            rig.channel.written.reset();
            client.unwrap(answers, ByteBuffer.allocate(ROOM));
        }
        connection = rig.agent.connection();
        rig.turn();
        rig.channel.written.reset();
    }

    /** Lengths of all records of content that went out. */
    private List<Integer> records() {
        final List<Integer> lengths = new ArrayList<>();
        final ByteBuffer wire = ByteBuffer.wrap(rig.channel.written.toByteArray());
        for (int at = 0; at < wire.limit(); at += HEADER_LENGTH + lengths.get(lengths.size() - 1)) {
            assertEquals(CONTENT_TYPE_CONTENT, wire.get(at));
            lengths.add(wire.getShort(at + HEADER_LENGTH - Short.BYTES) & 0xFFFF);
        }
        return lengths;
    }

    private static void assertHolds(final int contentLength, final int recordLength) {
        assertTrue(
                recordLength >= contentLength && recordLength <= contentLength + MOST_ADDED,
                "content=" + contentLength + " record=" + recordLength);
    }

    @Test
    void shouldFillRecordsWhenManyMessagesWait() {
        final int count = 400;
        final int length = 100;
        final int[] lengths = new int[count];
        Arrays.fill(lengths, length);
        assertTrue(connection.offerBatch(ConnectionRig.message(count * length), 0, lengths, count) > 0);
        rig.turn();
        final List<Integer> records = records();
        assertEquals(3, records.size(), records::toString);
        assertHolds(FULL, records.get(0));
        assertHolds(FULL, records.get(1));
        assertHolds(count * (PREFIX_LENGTH + length) - 2 * FULL, records.get(2));
        assertEquals(count, connection.counters().messagesOut());
    }

    @Test
    void shouldSendALoneMessageAtOnce() {
        assertTrue(connection.offer(ConnectionRig.message(100)) > 0);
        assertTrue(rig.agent.doWork() > 0);
        final List<Integer> records = records();
        assertEquals(1, records.size(), records::toString);
        assertHolds(PREFIX_LENGTH + 100, records.get(0));
        assertEquals(1, connection.counters().messagesOut());
    }
}
