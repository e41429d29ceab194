package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of RFC 6455 sections 5 to 8, frame by frame: unmasked ones to a client, masked ones to a server. */
class FrameRulesTest {
    private static final String BROKEN = "WEBSOCKET_ERROR";
    private static final String NOT_UTF8 = "INVALID_UTF8";

    private static Arguments toClient(final String rule, final String hex, final String... events) {
        return Arguments.of(rule, false, hex, List.of(events));
    }

    private static Arguments toServer(final String rule, final String hex, final String... events) {
        return Arguments.of(rule, true, hex, List.of(events));
    }

    private static Arguments close(final int code, final String... events) {
        return toClient("5.5.1 code " + code, "8802" + String.format("%04x", code), events);
    }

    static Stream<Arguments> rules() {
        final List<Arguments> rules = new ArrayList<>(List.of(
                toClient("5.7 example: text", "810548656c6c6f", "text Hello"),
                toServer("5.7 example: masked text", "818537fa213d7f9f4d5158", "text Hello"),
                toClient("5.7 example: fragments", "010348656c80026c6f", "text Hello"),
                toClient("5.7 example: ping", "890548656c6c6f", "control 9 Hello"),
                toServer("5.7 example: masked pong", "8a8537fa213d7f9f4d5158", "control 10 Hello"),
                toClient("5.6 binary", "8202ff00", "binary ÿ\0"),
                toClient("5.6 empty text", "8100", "text "),
                toServer("5.6 empty masked binary", "828001020304", "binary "),
                toClient("5.2 RSV1 without an extension", "c100", BROKEN),
                toClient("5.2 RSV2", "a100", BROKEN),
                toClient("5.2 RSV3", "9100", BROKEN),
                toClient("5.2 RSV1 of a control frame", "c900", BROKEN),
                toClient("5.2 RSV1 of a continuation", "0101614000", BROKEN),
                toClient("5.2 length of 16 bits for 125", "827e007d", BROKEN),
                toClient("5.2 length of 64 bits for 65,535", "827f000000000000ffff", BROKEN),
                toClient("5.2 length of 64 bits with the first one set", "827f8000000000000000", BROKEN),
                toClient("5.2 length past the maximum", "827f0000000000011171", "MESSAGE_TOO_LONG"),
                toClient("5.1 masked frame of a server", "818537fa213d7f9f4d5158", BROKEN),
                toServer("5.1 frame of a client that is not masked", "810548656c6c6f", BROKEN),
                toServer("5.1 control frame of a client that is not masked", "8900", BROKEN),
                toClient("5.4 continuation of nothing", "800161", BROKEN),
                toClient("5.4 continuation behind a whole message", "810161800161", "text a", BROKEN),
                toClient("5.4 text inside a text", "010161810162", BROKEN),
                toClient("5.4 binary inside a text", "010161020162", BROKEN),
                toClient("5.4 control frame between fragments", "010161890170800162", "control 9 p", "text ab"),
                toClient("5.4 empty fragments", "010000008000", "text "),
                toClient("5.4 two messages in fragments", "010161800162020163800164", "text ab", "binary cd"),
                toClient("5.5 control frame in fragments", "0900", BROKEN),
                toClient("5.5 control frame of 125 bytes", "8a7d" + "61".repeat(125), "control 10 " + "a".repeat(125)),
                toClient("5.5 control frame of 126 bytes", "897e007e", BROKEN),
                toClient("5.5 close in fragments", "0800", BROKEN),
                toClient("5.5.1 close without a code", "8800", "close 1005 "),
                toClient("5.5.1 close with half a code", "880103", BROKEN),
                toClient("5.5.1 close with a reason", "880503e8627965", "close 1000 bye"),
                toClient("5.5.1 nothing counts behind a close", "880003ff", "close 1005 "),
                toClient("5.5.1 reason that is not UTF-8", "880403e8c328", NOT_UTF8),
                toClient("5.5.1 reason that ends inside a character", "880303e8c3", NOT_UTF8),
                toClient("8.1 text that ends inside a character", "8101c3", NOT_UTF8),
                toClient("8.1 bad byte before the frame is whole", "8104c328", NOT_UTF8),
                toClient("8.1 character across fragments", "0101c38001a4", "text Ã¤"),
                toClient("8.1 text that ends inside a character behind fragments", "0101c38000", NOT_UTF8),
                toClient("8.1 bad byte behind a fragment's border", "0101c3800128", NOT_UTF8),
                toClient("8.1 not looked at in binary", "8201c3", "binary Ã"),
                toClient("8.1 surrogate", "8103eda080", NOT_UTF8),
                toClient("8.1 overlong slash", "8102c0af", NOT_UTF8),
                toClient("8.1 overlong of three bytes", "8103e080af", NOT_UTF8),
                toClient("8.1 past U+10FFFF", "8104f4908080", NOT_UTF8),
                toClient("8.1 the last character there is", "8104f48fbfbf", "text ô\u008f¿¿"),
                toClient("8.1 byte that begins nothing", "8101f5", NOT_UTF8)));
        for (final int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            rules.add(toClient("5.2 opcode " + opcode, String.format("8%x00", opcode), BROKEN));
        }
        for (final int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
            rules.add(close(code, BROKEN));
        }
        for (final int code :
                new int[] {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999}) {
            rules.add(close(code, "close " + code + " "));
        }
        return rules.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void shouldHoldWhereverTheBytesAreCut(
            final String rule, final boolean isServer, final String hex, final List<String> events) {
        final byte[] wire = HexFormat.of().parseHex(hex);
        for (int cut = 0; cut <= wire.length; cut++) {
            assertEquals(events, FrameRig.eventsOf(isServer, wire, cut), "cut=" + cut);
        }
        assertEquals(events, FrameRig.eventsOfDrops(isServer, wire), "one by one");
    }

    @ParameterizedTest
    @CsvSource({
        "false, a1, reserved bits set: firstByte=161",
        "false, 83, reserved opcode: opcode=3",
        "false, c1, reserved bit 1 set: firstByte=193",
        "false, 09, control frame in fragments: opcode=9",
        "false, 8180, frame of a server masked: opcode=1",
        "true, 8100, frame of a client not masked: opcode=1",
        "false, 897e, control frame longer than 125 bytes: opcode=9",
        "false, 827e007d, length not in its shortest form: length=125",
        "false, 827f0000000000000000, length not in its shortest form: length=0",
        "false, 827fffffffffffffffff, length of 64 bits: length=-1",
        "false, 8000, continuation of nothing: opcode=0",
        "false, 01008100, new message inside another: opcode=1",
        "false, 880103, close frame with half a code: length=1",
        "false, 880203ed, close frame with an illegal code: code=1005"
    })
    void shouldSayWhatIsBrokenAtTheFirstByteThatTells(final boolean isServer, final String hex, final String what) {
        final FrameRig rig = new FrameRig(isServer, false);
        final byte[] wire = HexFormat.of().parseHex(hex);
        for (int at = 0; at < wire.length - 1; at++) {
            rig.receive(wire[at]);
        }
        final ProtocolException broken =
                assertThrows(ProtocolException.class, () -> rig.receive(wire[wire.length - 1]));

        assertEquals(what, broken.getMessage());
    }

    @Test
    void shouldConsumeWhatFollowsAClose() {
        final FrameRig rig = new FrameRig(false, false);
        final byte[] wire = HexFormat.of().parseHex("0000" + "8800" + "03ff00");

        assertEquals(5, rig.decoder.decode(ByteBuffer.wrap(wire), 2, 7, rig));
        assertEquals(3, rig.decoder.decode(ByteBuffer.wrap(wire), 4, 7, rig));
        assertEquals(List.of("close 1005 "), rig.events);
    }
}
