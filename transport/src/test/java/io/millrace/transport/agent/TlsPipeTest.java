package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.tls.ProbeSides;
import io.millrace.transport.tls.TlsEngineDriver;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TlsPipeTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int ROOM = 100_000;
    private static final int ROOM_OF_A_RECORD = 32 * 1024;

    private final FakeChannel channel = new FakeChannel();
    private final BufferPool buffers = new BufferPool();

    private static ByteBuffer answer(final TlsEngineDriver server, final byte[] sent) throws Exception {
        final ByteBuffer wire = ByteBuffer.wrap(sent);
        final ByteBuffer answer = ByteBuffer.allocate(ROOM);
        server.unwrap(wire, ByteBuffer.allocate(ROOM));
        server.wrap(answer);
        return answer.flip();
    }

    @Test
    void shouldSleepWithoutBuffersWhenItHasRested() throws Exception {
        final ProbeSides sides = new ProbeSides();
        final TlsEngineDriver server = sides.server().begin();
        final TlsPipe pipe = new TlsPipe(channel, sides.client(), buffers);
        pipe.begin();
        assertFalse(pipe.handshake());
        channel.receive(answer(server, channel.written.toByteArray()));
        assertTrue(pipe.handshake());
        pipe.beforeSleep();
        assertTrue(pipe.isHolding(), "messages may come one by one: each would make it anew");

        assertTrue(pipe.rest());
        assertEquals(0, pipe.receive(ByteBuffer.allocate(ROOM)));
        assertTrue(pipe.isHolding());
        pipe.beforeSleep();

        assertFalse(pipe.isHolding());
        assertEquals(0, buffers.lent());
    }

    @Test
    void shouldGiveItsBuffersBackWhenClosed() throws Exception {
        final ProbeSides sides = new ProbeSides();
        final TlsEngineDriver server = sides.server().begin();
        final TlsPipe pipe = new TlsPipe(channel, sides.client(), buffers);
        pipe.begin();
        assertFalse(pipe.handshake());
        channel.receive(answer(server, channel.written.toByteArray()));
        assertTrue(pipe.handshake());
        assertEquals(2, buffers.lent());

        pipe.close();
        pipe.close();

        assertEquals(0, buffers.lent());
        assertFalse(pipe.isHolding());
        final ByteBuffer again = buffers.lend(pipe.memory(), ROOM_OF_A_RECORD);
        assertEquals(ByteBuffer.allocate(ROOM_OF_A_RECORD), again, "another connection's records are wiped");
        buffers.takeBack(again, 0);
    }

    /** It must leave the turn, or its thread would see neither a deadline nor an abort. */
    @Test
    void shouldLeaveTheHandshakeWhenThePeerReadsNothing() {
        assertTimeoutPreemptively(DEADLINE, () -> {
            final ProbeSides sides = new ProbeSides();
            final TlsEngineDriver server = sides.server().begin();
            final TlsPipe pipe = new TlsPipe(channel, sides.client(), buffers);
            pipe.begin();
            assertFalse(pipe.handshake());
            channel.receive(answer(server, channel.written.toByteArray()));
            channel.written.reset();
            channel.writeLimit = 0;
            assertFalse(pipe.handshake());
            assertFalse(pipe.handshake());

            channel.writeLimit = Integer.MAX_VALUE;
            assertTrue(pipe.handshake());
            answer(server, channel.written.toByteArray());
            assertTrue(server.isHandshakeDone());
            pipe.close();
        });
    }
}
