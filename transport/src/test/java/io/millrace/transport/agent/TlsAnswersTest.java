package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.SlowConsumerPolicy;
import io.millrace.transport.Waiting;
import io.millrace.transport.tls.ProbeSides;
import io.millrace.transport.tls.TlsEngineDriver;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client whose key updates want answers, before a server that owes them. */
@Timeout(60)
class TlsAnswersTest {
    private static final int ROOM = 100_000;
    private static final int TURNS = 100;
    private static final long BOUND_NS = 100;

    private final ConnectionRig rig = new ConnectionRig();
    private final ByteBuffer toServer = ByteBuffer.allocate(ROOM);
    private final ByteBuffer toClient = ByteBuffer.allocate(ROOM).limit(0);
    private TlsEngineDriver client;

    @BeforeEach
    void makeClient() throws Exception {
        final ProbeSides sides = new ProbeSides();
        client = sides.client().begin();
        rig.tls = Optional.of(sides.server());
    }

    private void open(final SlowConsumerPolicy policy) throws Exception {
        rig.make(new ConnectionContext()
                .waiting(Waiting.PARKING)
                .slowConsumerTimeoutNs(BOUND_NS)
                .slowConsumerPolicy(policy));
        for (int turn = 0; turn < TURNS && !(client.isHandshakeDone() && rig.counters.opened() == 1); turn++) {
            client.wrap(toServer);
            arrive();
            rig.turn();
            readAnswers();
        }
        assertEquals(1, rig.counters.opened());
    }

    private void readAnswers() throws Exception {
        toClient.compact().put(rig.channel.written.toByteArray()).flip();
        rig.channel.written.reset();
        client.unwrap(toClient, ByteBuffer.allocate(ROOM));
    }

    private void keyUpdate() throws Exception {
        client.begin();
        client.wrap(toServer);
    }

    private void arrive() {
        final ByteBuffer wire = ByteBuffer.allocate(toServer.flip().remaining()).put(toServer);
        rig.channel.receive(wire.flip());
        toServer.clear();
    }

    /** The thread may sleep after a turn without content: what has come already wakes nobody. */
    @Test
    void shouldComeToTheContentBehindKeyUpdatesInOneTurn() throws Exception {
        open(SlowConsumerPolicy.REPORT);
        keyUpdate();
        keyUpdate();
        keyUpdate();
        client.wrap(ConnectionRig.frames(7), toServer);
        arrive();
        assertTrue(rig.agent.doWork() > 0);
        assertEquals(List.of(7), rig.lengths);
        readAnswers();
    }

    /** Nothing more can be unwrapped before there is room for the answer. */
    private void letAnswersPileUp() throws Exception {
        rig.channel.writeLimit = 0;
        keyUpdate();
        client.wrap(ConnectionRig.frames(7), toServer);
        keyUpdate();
        client.wrap(ConnectionRig.frames(8), toServer);
        arrive();
        rig.turn();
        assertEquals(List.of(7), rig.lengths);
    }

    @Test
    void shouldSleepUntilThereIsRoomForAnswersAndGoOnThen() throws Exception {
        open(SlowConsumerPolicy.REPORT);
        letAnswersPileUp();
        rig.sleep(() -> {});
        assertFalse(rig.channel.readWanted, "unread bytes would wake it over and over");
        assertEquals(BOUND_NS, rig.channel.parkedNs);

        rig.channel.writeLimit = Integer.MAX_VALUE;
        rig.turn();
        assertEquals(List.of(7, 8), rig.lengths);
        rig.sleep(() -> {});
        assertTrue(rig.channel.readWanted);
        rig.pass(2 * BOUND_NS);
        assertEquals(0, rig.slow);
        readAnswers();
    }

    @Test
    void shouldNotSleepWhenTheRoomForAnAnswerCameAfterReading() throws Exception {
        open(SlowConsumerPolicy.REPORT);
        letAnswersPileUp();
        rig.channel.writeLimit = Integer.MAX_VALUE;
        rig.channel.refusedWrites = 1;
        rig.sleep(() -> {});
        assertEquals(0, rig.channel.parks);
        rig.turn();
        assertEquals(List.of(7, 8), rig.lengths);
    }

    @Test
    void shouldComeToAllThatWasSentBeforeAnEndThatIsSeenWhileAnswersWait() throws Exception {
        open(SlowConsumerPolicy.REPORT);
        letAnswersPileUp();
        rig.channel.inputEnded = true;
        rig.turn();
        assertTrue(rig.reports.isEmpty());
        rig.channel.writeLimit = Integer.MAX_VALUE;
        rig.turn();
        assertEquals(List.of(7, 8), rig.lengths);
        assertEquals(CloseReason.TRUNCATED, rig.onlyReport().reason());
    }

    /** What was wrapped before goes out ahead of the alert. */
    @Test
    void shouldCountAsFlushedWhatWentOutWithAnAlert() throws Exception {
        open(SlowConsumerPolicy.REPORT);
        rig.channel.writeLimit = 0;
        assertTrue(rig.agent.connection().offer(ConnectionRig.message(9)) > 0);
        rig.turn();
        rig.channel.writeLimit = Integer.MAX_VALUE;
        final ByteBuffer broken =
                ByteBuffer.allocate(45).put((byte) 23).putShort((short) 0x0303).putShort((short) 40);
        rig.channel.receive(broken.clear());
        rig.turn();

        assertEquals(CloseReason.TLS_ERROR, rig.onlyReport().reason());
        final ByteBuffer content = ByteBuffer.allocate(ROOM);
        toClient.compact().put(rig.channel.written.toByteArray()).flip();
        assertThrows(SSLException.class, () -> client.unwrap(toClient, content));
        assertEquals(13, content.position(), "the message reached the peer");
        assertEquals(1, rig.onlyReport().accepted());
        assertEquals(1, rig.onlyReport().flushed());
        assertEquals(0, rig.onlyReport().undelivered());
        assertEquals(1, rig.agent.connection().counters().messagesOut());
        assertEquals(13, rig.agent.connection().counters().bytesOut());
    }

    @Test
    void shouldReportAPeerThatReadsNoAnswersOnce() throws Exception {
        open(SlowConsumerPolicy.REPORT);
        letAnswersPileUp();
        rig.pass(BOUND_NS - 1);
        assertEquals(0, rig.slow);
        rig.pass(1);
        assertEquals(1, rig.slow);
        rig.pass(10 * BOUND_NS);
        assertEquals(1, rig.slow);
        assertTrue(rig.reports.isEmpty());
    }

    @Test
    void shouldDisconnectAPeerThatReadsNoAnswers() throws Exception {
        open(SlowConsumerPolicy.DISCONNECT);
        letAnswersPileUp();
        rig.pass(BOUND_NS - 1);
        assertTrue(rig.reports.isEmpty());
        rig.pass(1);
        assertEquals(CloseReason.SLOW_CONSUMER, rig.onlyReport().reason());
        assertEquals(1, rig.counters.closed(CloseReason.SLOW_CONSUMER));
    }
}
