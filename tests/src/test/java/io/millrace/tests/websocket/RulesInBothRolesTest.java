package io.millrace.tests.websocket;

import static io.millrace.tests.websocket.BothRoles.CLOSE;
import static io.millrace.tests.websocket.BothRoles.MAX_MESSAGE_LENGTH;
import static io.millrace.tests.websocket.BothRoles.PING;
import static io.millrace.tests.websocket.BothRoles.TEXT;
import static io.millrace.tests.websocket.BothRoles.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.tests.websocket.BothRoles.Ends;
import io.millrace.transport.CloseReason;
import io.millrace.transport.websocket.CloseCodes;
import io.millrace.transport.websocket.FragmentedMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of peers, over real sockets: our server's clients, and our client's servers. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RulesInBothRolesTest {
    private final BothRoles roles = new BothRoles();

    @AfterEach
    void close() {
        roles.close();
    }

    /** What breaks a rule: sends it, and nothing behind, for that would reset the stream. */
    @FunctionalInterface
    private interface Breach {
        void commit(RawEnd peer) throws IOException;
    }

    private static Breach frames(final Object... firstsAndPayloads) {
        return peer -> {
            for (int i = 0; i < firstsAndPayloads.length; i += 2) {
                peer.send((int) firstsAndPayloads[i], hex((String) firstsAndPayloads[i + 1]));
            }
        };
    }

    private static Breach bare(final String digits) {
        return peer -> peer.write(hex(digits));
    }

    private static void add(
            final List<Arguments> all, final String what, final int code, final CloseReason why, final Breach breach) {
        all.add(Arguments.of(what, true, code, why, breach));
        all.add(Arguments.of(what, false, code, why, breach));
    }

    static Stream<Arguments> breaches() {
        final List<Arguments> all = new ArrayList<>();
        final CloseReason rules = CloseReason.WEBSOCKET_ERROR;
        final CloseReason utf8 = CloseReason.INVALID_UTF8;
        for (final int bit : new int[] {0x10, 0x20, 0x30}) {
            add(all, "5.2 reserved bits " + bit, 1002, rules, frames(TEXT | bit, ""));
        }
        add(all, "5.2 reserved bit 1 of a control frame", 1002, rules, frames(PING | 0x40, ""));
        add(all, "5.2 reserved bit 1 of a continuation", 1002, rules, frames(0x01, "61", 0x40, ""));
        for (final int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            add(all, "5.2 opcode " + opcode, 1002, rules, frames(0x80 | opcode, ""));
        }
        all.add(Arguments.of("5.1 not masked", true, 1002, rules, bare("8100")));
        all.add(Arguments.of("5.1 masked", false, 1002, rules, bare("818000000000")));
        all.add(Arguments.of("5.2 length not minimal", true, 1002, rules, bare("82fe007d00000000")));
        all.add(Arguments.of("5.2 length not minimal", false, 1002, rules, bare("827e007d")));
        add(all, "5.4 continuation of nothing", 1002, rules, frames(0x80, ""));
        add(all, "5.4 text in a text", 1002, rules, frames(0x01, "61", TEXT, "62"));
        add(all, "5.5 control frame in fragments", 1002, rules, frames(0x09, ""));
        add(all, "5.5 control frame of 126 bytes", 1002, rules, frames(PING, "00".repeat(126)));
        add(all, "5.5.1 close with half a code", 1002, rules, frames(CLOSE, "03"));
        add(all, "5.5.1 reason not UTF-8", 1007, utf8, frames(CLOSE, "03e8c3"));
        add(all, "8.1 text not UTF-8", 1007, utf8, frames(TEXT, "c328"));
        add(all, "8.1 text not UTF-8, before it ends", 1007, utf8, peer -> {
            peer.write(peer.header(TEXT, 100));
            peer.write((byte) 0xFF);
        });
        add(all, "8.1 text in fragments ends in a character", 1007, utf8, frames(0x01, "c3", 0x80, ""));
        add(
                all,
                "10.4 too long",
                1009,
                CloseReason.MESSAGE_TOO_LONG,
                peer -> peer.write(peer.header(0x82, MAX_MESSAGE_LENGTH + 1)));
        add(all, "10.4 too long in fragments", 1009, CloseReason.MESSAGE_TOO_LONG, peer -> {
            peer.send(0x02, new byte[MAX_MESSAGE_LENGTH]);
            peer.write(peer.header(0x00, 1));
        });
        add(all, "7692 not compressed", 1007, CloseReason.COMPRESSION_ERROR, frames(0xC1, "ffffffff"));
        add(all, "7692 compressed blocks without content", 1008, CloseReason.FRAGMENT_FLOOD, peer -> {
            final int length = 17_000;
            peer.write(peer.header(0xC2, 1L << 40));
            for (int sent = 0; sent < length; sent += 5) {
                peer.write(hex("000000ffff"));
            }
        });
        for (final int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
            add(all, "7.4 code " + code, 1002, rules, frames(CLOSE, String.format("%04x", code)));
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} server={1}")
    @MethodSource("breaches")
    void shouldCloseThatConnectionAloneWithTheRfcsCodeWhenARuleIsBroken(
            final String what, final boolean isServer, final int code, final CloseReason reason, final Breach breach)
            throws Exception {
        try (Ends bad = roles.open(isServer);
                Ends good = roles.open(isServer)) {
            breach.commit(bad.peer());
            final RawEnd.Frame farewell = bad.peer().receive();
            bad.peer().endOutput();

            assertNotNull(farewell);
            assertEquals(CLOSE, farewell.first());
            assertEquals(code, farewell.code());
            assertEquals(reason, bad.end().report().reason(), bad.end().report().detail());
            assertEquals(1, roles.transport.counters().closed(reason));
            good.peer().send(TEXT, (byte) 'x');
            assertArrayEquals(new byte[] {'x'}, good.peer().receive().payload());
        }
    }

    static Stream<Arguments> legalCodes() {
        return IntStream.of(
                        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999)
                .boxed()
                .flatMap(code -> Stream.of(Arguments.of(code, true), Arguments.of(code, false)));
    }

    @ParameterizedTest(name = "{0} server={1}")
    @MethodSource("legalCodes")
    void shouldAnswerWithThePeersCodeAndTellTheHandler(final int code, final boolean isServer) throws Exception {
        try (Ends ends = roles.open(isServer)) {
            ends.peer().send(CLOSE, hex(String.format("%04x", code) + "c3bc"));
            assertEquals(code, ends.peer().receive().code());
            ends.peer().endOutput();

            assertEquals(code, ends.end().code());
            assertEquals("ü", ends.end().reason());
            assertEquals(CloseReason.PEER_CLOSE, ends.end().report().reason());
            assertNull(ends.peer().receive());
        }
    }

    @ParameterizedTest(name = "{0} server={1}")
    @MethodSource("legalCodes")
    void shouldSendTheCodeThatItIsClosedWith(final int code, final boolean isServer) throws Exception {
        try (Ends ends = roles.open(isServer)) {
            ends.webSocket().close(code, "ü");
            final RawEnd.Frame farewell = ends.peer().receive();
            assertEquals(CLOSE, farewell.first());
            assertArrayEquals(hex(String.format("%04x", code) + "c3bc"), farewell.payload());
            ends.peer().send(CLOSE, farewell.payload());
            ends.peer().endOutput();

            assertEquals(code, ends.end().code());
            assertEquals(CloseReason.LOCAL_CLOSE, ends.end().report().reason());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTellThatTheCodeIsMissingAndAnswerWithoutOne(final boolean isServer) throws Exception {
        try (Ends ends = roles.open(isServer)) {
            ends.peer().send(CLOSE);
            assertEquals(0, ends.peer().receive().payload().length);
            ends.peer().endOutput();

            assertEquals(CloseCodes.NONE, ends.end().code());
        }
    }

    /** RFC 6455 section 5.5.1: neither a message nor a breach of the rules. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTakeNothingBehindThePeersCloseFrame(final boolean isServer) throws Exception {
        try (Ends ends = roles.open(isServer)) {
            final ByteBuffer all = ByteBuffer.allocate(100)
                    .put(ends.peer().header(CLOSE, 2))
                    .put(hex("03e8"))
                    .put(ends.peer().header(TEXT, 1))
                    .put((byte) 'x')
                    .put((byte) 0xFF);
            ends.peer().write(Arrays.copyOf(all.array(), all.position()));
            ends.peer().endOutput();
            final RawEnd.Frame farewell = ends.peer().receive();

            assertEquals(CLOSE, farewell.first());
            assertEquals(1000, farewell.code());
            assertNull(ends.peer().receive());
            assertEquals(CloseReason.PEER_CLOSE, ends.end().report().reason());
            assertEquals(0, ends.end().report().accepted());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTellAnAbnormalEndWhenTheStreamEndsWithoutACloseFrame(final boolean isServer) throws Exception {
        try (Ends ends = roles.open(isServer)) {
            ends.peer().endOutput();

            assertEquals(CloseCodes.ABNORMAL, ends.end().code());
            assertEquals(CloseReason.TRUNCATED, ends.end().report().reason());
        }
    }

    /** Nothing of the message is held back for the pong, and the pong not for the message's next fragment. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAnswerAPingBetweenTheFragmentsOfItsOwnMessage(final boolean isServer) throws Exception {
        try (Ends ends = roles.open(isServer)) {
            final FragmentedMessage message = ends.webSocket().newBinary().orElseThrow();
            assertTrue(message.offer(ByteBuffer.allocate(3), 0, 3, false) > 0);
            assertEquals(0x02, ends.peer().receive().first());
            ends.peer().send(PING, (byte) 'p');
            assertArrayEquals(new byte[] {'p'}, ends.peer().receive().payload());
            assertTrue(message.offer(ByteBuffer.allocate(3), 0, 3, true) > 0);

            assertEquals(0x80, ends.peer().receive().first());
        }
    }

    /** RFC 6455 sections 5.1 and 5.3. By chance alone two keys are the same in one run of millions. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldMaskEachFrameByAKeyOfItsOwnAsAClientAndNoneAsAServer(final boolean isServer) throws Exception {
        final int frames = 30;
        try (Ends ends = roles.open(isServer)) {
            ends.peer().send(PING, (byte) 'p');
            ends.peer().receive();
            for (int i = 0; i < frames - 2; i++) {
                assertTrue(ends.webSocket().offerText("text") > 0);
            }
            assertTrue(ends.webSocket().ping(ByteBuffer.allocate(1)) > 0);
            ends.webSocket().close();
            final Set<Integer> keys = new HashSet<>();
            for (int i = 0; i < frames; i++) {
                keys.add(ends.peer().receive().key());
            }

            assertEquals(isServer ? 1 : frames, keys.size());
            assertEquals(isServer, keys.contains(0));
        }
    }
}
