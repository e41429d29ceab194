package io.millrace.transport.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever an engine answers, and however often: a driver's loop leaves, and calls it no more often than it must. */
class EngineStepTest {
    private static final int FEW = 10;
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private ScriptedEngine engine;
    private TlsEngineDriver driver;
    private ByteBuffer source;
    private ByteBuffer target;

    @BeforeEach
    void make() throws Exception {
        engine = new ScriptedEngine();
        driver = new TlsEngineDriver(engine);
        source = ByteBuffer.allocate(100_000);
        target = ByteBuffer.allocate(100_000);
    }

    static Stream<Arguments> pairs() {
        return Stream.of(Status.values())
                .flatMap(status -> Stream.of(HandshakeStatus.values()).map(next -> Arguments.of(status, next)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldLeaveWhenAnEngineAnswersTheSameForEver(final Status status, final HandshakeStatus next) {
        engine.answers(status, next);
        engine.status = HandshakeStatus.NEED_UNWRAP;
        Assertions.assertTimeoutPreemptively(DEADLINE, () -> {
            callAndCatch(EngineStep.afterUnwrap(status, next), status, () -> driver.unwrap(source, target));
            assertTrue(engine.calls <= FEW, () -> "calls=" + engine.calls);
        });
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldLeaveWhenAnEngineWrapsNothingForEver(final Status status, final HandshakeStatus next) {
        engine.answers(status, next);
        Assertions.assertTimeoutPreemptively(DEADLINE, () -> {
            callAndCatch(EngineStep.afterWrap(status, next), status, () -> driver.wrap(source, target));
            assertTrue(engine.calls <= FEW, () -> "calls=" + engine.calls);
        });
    }

    private interface Call {
        void run() throws SSLException;
    }

    private void callAndCatch(final EngineStep step, final Status status, final Call call) throws SSLException {
        if (step == EngineStep.BROKEN || step == EngineStep.NO_ROOM) {
            // There was room enough.
            final String message =
                    assertThrows(IllegalStateException.class, call::run).getMessage();
            assertTrue(message.contains(status.toString()), message);
        } else {
            call.run();
            assertEquals(step == EngineStep.ENDED, driver.isInboundDone() || status == Status.CLOSED);
        }
    }

    @Test
    void shouldKnowWhatEveryPairLeadsTo() {
        for (final Status status : Status.values()) {
            for (final HandshakeStatus next : HandshakeStatus.values()) {
                final boolean datagrams = next == HandshakeStatus.NEED_UNWRAP_AGAIN;
                assertEquals(
                        datagrams || status == Status.BUFFER_UNDERFLOW,
                        EngineStep.afterWrap(status, next) == EngineStep.BROKEN);
                assertEquals(datagrams, EngineStep.afterUnwrap(status, next) == EngineStep.BROKEN);
            }
        }
        assertEquals(EngineStep.LEAVE, EngineStep.afterUnwrap(Status.OK, HandshakeStatus.NEED_WRAP));
        assertEquals(EngineStep.GO_ON, EngineStep.afterUnwrap(Status.OK, HandshakeStatus.NEED_TASK));
    }

    @Test
    void shouldLeaveWhenTheEngineWantsTheOtherDirectionFirst() throws Exception {
        engine.status = HandshakeStatus.NEED_WRAP;
        driver.unwrap(source, target);
        assertEquals(0, engine.calls);
        engine.status = HandshakeStatus.NEED_UNWRAP;
        driver.wrap(source, target);
        assertEquals(0, engine.calls);
    }

    @Test
    void shouldThrowWhenTheEngineWantsATaskRunButHasNone() {
        engine.status = HandshakeStatus.NEED_TASK;
        assertThrows(IllegalStateException.class, () -> driver.unwrap(source, target));
    }

    @Test
    void shouldRunTheEnginesTasksItself() {
        engine.status = HandshakeStatus.NEED_TASK;
        final Thread[] ran = new Thread[1];
        engine.tasks.add(() -> {
            ran[0] = Thread.currentThread();
            engine.status = HandshakeStatus.NEED_WRAP;
        });
        assertTrue(driver.needsWrap());
        assertEquals(Thread.currentThread(), ran[0]);
    }

    @Test
    void shouldCountRecordsWithoutContentAndGiveUpWhenTheyNeverEnd() throws Exception {
        engine.consumes = 25;
        engine.answers(Status.OK, HandshakeStatus.FINISHED);
        engine.status = HandshakeStatus.NEED_UNWRAP;
        source.limit(25);
        driver.unwrap(source, target);
        engine.status = HandshakeStatus.NOT_HANDSHAKING;
        assertTrue(driver.isHandshakeDone());
        engine.answers(Status.OK, HandshakeStatus.NOT_HANDSHAKING);
        source.limit(25 + 25 * TlsEngineDriver.MOST_BARREN_RECORDS);
        driver.unwrap(source, target);
        source.limit(source.position() + 25);
        final String message = assertThrows(SSLException.class, () -> driver.unwrap(source, target))
                .getMessage();
        assertTrue(message.contains("records=" + (TlsEngineDriver.MOST_BARREN_RECORDS + 1)), message);
    }

    @Test
    void shouldNotUnwrapContentBeforeItIsKnownThatTheHandshakeIsDone() throws Exception {
        engine.consumes = 25;
        engine.produces = 4;
        engine.answers(Status.OK, HandshakeStatus.NOT_HANDSHAKING);
        driver.unwrap(source, target);
        assertEquals(0, engine.calls);
        assertTrue(driver.isHandshakeDone());
        driver.unwrap(source.limit(25), target);
        assertEquals(4, target.position());
    }

    @Test
    void shouldAskOnceMoreWithNothingWhenTheEngineHasTakenARecordForWhichThereWasNoRoom() throws Exception {
        driver.unwrap(source.limit(25), target);
        assertTrue(driver.isHandshakeDone());
        engine.consumes = 25;
        engine.answers(Status.BUFFER_OVERFLOW, HandshakeStatus.NOT_HANDSHAKING);
        driver.unwrap(source, ByteBuffer.allocate(0));
        assertTrue(driver.lacksRoom());
        engine.consumes = 0;
        engine.produces = 9;
        engine.answers(Status.OK, HandshakeStatus.NOT_HANDSHAKING);
        driver.unwrap(source, target);
        assertEquals(9, target.position());
        assertFalse(driver.lacksRoom());
        final int calls = engine.calls;
        driver.unwrap(source, target);
        assertEquals(calls, engine.calls);
    }

    @Test
    void shouldWantTwiceTheRoomWhenTheEngineHoldsARecordBackForWantOfIt() throws Exception {
        driver.unwrap(source.limit(25), target);
        final int room = driver.packetLength();
        final ByteBuffer content = ByteBuffer.allocate(100);
        engine.consumes = 100;
        engine.answers(Status.BUFFER_OVERFLOW, HandshakeStatus.NOT_HANDSHAKING);
        driver.wrap(content, ByteBuffer.allocate(room));
        assertTrue(driver.needsWrap());
        assertEquals(2 * room, driver.packetLength());
        engine.consumes = 0;
        engine.produces = 150;
        engine.answers(Status.OK, HandshakeStatus.NOT_HANDSHAKING);
        driver.wrap(content, target);
        assertEquals(150, target.position());
        assertEquals(room, driver.packetLength());
        assertFalse(driver.needsWrap());
    }

    @Test
    void shouldWrapTheCloseNotifyOfAnEngineThatDoesNotAskForIt() throws Exception {
        driver.unwrap(source.limit(25), target);
        assertFalse(driver.needsWrap());
        driver.closeOutbound();
        assertTrue(driver.needsWrap());
        engine.produces = 24;
        engine.answers(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING);
        driver.wrap(target);
        assertEquals(24, target.position());
        assertFalse(driver.needsWrap());
    }

    /** As tcnative's does for its alert after the handshake. */
    @Test
    void shouldWrapWhatOnlyAnAnswerAsksForAndUnwrapNothingBefore() throws Exception {
        driver.unwrap(source.limit(25), target);
        assertTrue(driver.isHandshakeDone());
        engine.answers(Status.OK, HandshakeStatus.NEED_WRAP);
        driver.unwrap(source, target);
        assertTrue(driver.needsWrap());
        final int calls = engine.calls;
        driver.unwrap(source, target);
        assertEquals(calls, engine.calls);
        engine.produces = 24;
        engine.answers(Status.OK, HandshakeStatus.NOT_HANDSHAKING);
        driver.wrap(target);
        assertEquals(calls + 2, engine.calls, "an error behind the alert is only thrown by the next call");
        assertEquals(2 * 24, target.position());
        assertFalse(driver.needsWrap());
    }

    @ParameterizedTest
    @EnumSource(value = HandshakeStatus.class, names = "NEED_UNWRAP_AGAIN", mode = EnumSource.Mode.EXCLUDE)
    void shouldGiveUpWhenTheEngineNeverTakesAWholeRecord(final HandshakeStatus next) throws Exception {
        driver.unwrap(source.limit(25), target);
        assertTrue(driver.isHandshakeDone());
        engine.answers(Status.OK, next);
        final String message = assertThrows(SSLException.class, () -> {
                    for (int turn = 0; turn < 2 * TlsEngineDriver.MOST_STUCK_CALLS; turn++) {
                        driver.unwrap(source, target);
                        driver.wrap(target);
                    }
                })
                .getMessage();
        assertTrue(message.contains("calls=" + (TlsEngineDriver.MOST_STUCK_CALLS + 1)), message);
    }

    @Test
    void shouldWaitForTheRestOfARecordHoweverOftenItAsks() throws Exception {
        driver.unwrap(source.limit(25), target);
        source.putShort(source.position() + 3, (short) 100);
        engine.answers(Status.OK, HandshakeStatus.NOT_HANDSHAKING);
        for (int turn = 0; turn < 2 * TlsEngineDriver.MOST_STUCK_CALLS; turn++) {
            driver.unwrap(source, target);
        }
        assertFalse(driver.needsWrap());
    }

    @Test
    void shouldMakeATlsErrorOfWhatAnEngineThrowsUndeclared() {
        engine.status = HandshakeStatus.NEED_UNWRAP;
        engine.undeclared = new CertificateException("from the trust manager");
        final SSLException refused = assertThrows(SSLException.class, () -> driver.unwrap(source, target));
        assertEquals(engine.undeclared, refused.getCause());
        assertTrue(driver.explained(refused).getMessage().contains("from the trust manager"));
    }
}
