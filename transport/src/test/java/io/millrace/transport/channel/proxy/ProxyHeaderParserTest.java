package io.millrace.transport.channel.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProxyHeaderParserTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String V4 = "c0000201" + "c0000202" + "ddd5" + "01bb";
    private static final String V6 =
            "20010db8000000000000000000000001" + "20010db8000000000000000000000002" + "0001ffff";

    private static byte[] line(final String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] v2(final String commandAndFamily, final String rest) {
        return HexFormat.of().parseHex(SIGNATURE + commandAndFamily + String.format("%04x", rest.length() / 2) + rest);
    }

    private static String unix(final String path) {
        return HexFormat.of().formatHex(path.getBytes(StandardCharsets.UTF_8)) + "00".repeat(108 - path.length());
    }

    /** Fills the checksum in, as a sender must. */
    private static byte[] checksummed(final String before, final String after) {
        final byte[] header = v2("2111", V4 + before + "03000400000000" + after);
        final CRC32C crc = new CRC32C();
        crc.update(header);
        ByteBuffer.wrap(header).putInt(16 + (V4 + before).length() / 2 + 3, (int) crc.getValue());
        return header;
    }

    static Stream<Arguments> good() {
        return Stream.of(
                Arguments.of(line("PROXY TCP4 192.0.2.1 192.0.2.2 56789 443\r\n"), "/192.0.2.1:56789 /192.0.2.2:443"),
                Arguments.of(
                        line("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n"),
                        "/255.255.255.255:65535 /255.255.255.255:65535"),
                Arguments.of(line("PROXY TCP4 0.0.0.0 10.0.0.1 0 1\r\n"), "/0.0.0.0:0 /10.0.0.1:1"),
                Arguments.of(
                        line("PROXY TCP6 2001:db8::1 2001:DB8:0:0:0:0:0:2 1 65535\r\n"),
                        "/[2001:db8:0:0:0:0:0:1]:1 /[2001:db8:0:0:0:0:0:2]:65535"),
                Arguments.of(
                        line(
                                "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
                                        + " 65535 65535\r\n"),
                        "/[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535"
                                + " /[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535"),
                Arguments.of(line("PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n"), "/192.0.2.1:1 /[0:0:0:0:0:0:0:1]:2"),
                Arguments.of(line("PROXY UNKNOWN\r\n"), ""),
                Arguments.of(line("PROXY UNKNOWN what ever \u00ff\r\n"), ""),
                Arguments.of(line("PROXY UNKNOWN " + "x".repeat(91) + "\r\n"), ""),
                Arguments.of(v2("2111", V4), "/192.0.2.1:56789 /192.0.2.2:443"),
                Arguments.of(v2("2112", V4), "/192.0.2.1:56789 /192.0.2.2:443"),
                Arguments.of(v2("2121", V6), "/[2001:db8:0:0:0:0:0:1]:1 /[2001:db8:0:0:0:0:0:2]:65535"),
                Arguments.of(v2("2122", V6), "/[2001:db8:0:0:0:0:0:1]:1 /[2001:db8:0:0:0:0:0:2]:65535"),
                Arguments.of(v2("2131", unix("/a/b") + unix("/c")), "/a/b /c"),
                Arguments.of(v2("2132", unix("/" + "x".repeat(107)) + unix("")), "/" + "x".repeat(107) + " "),
                Arguments.of(v2("2111", V4 + "0400020000" + "02000161"), "/192.0.2.1:56789 /192.0.2.2:443"),
                Arguments.of(v2("2111", V4 + "040fe1" + "00".repeat(4065)), "/192.0.2.1:56789 /192.0.2.2:443"),
                Arguments.of(checksummed("", ""), "/192.0.2.1:56789 /192.0.2.2:443"),
                Arguments.of(checksummed("02000161", "0400020000"), "/192.0.2.1:56789 /192.0.2.2:443"),
                Arguments.of(v2("2000", ""), ""),
                Arguments.of(v2("20ff", "1234"), ""),
                Arguments.of(v2("2011", V4), ""),
                Arguments.of(v2("2100", ""), ""),
                Arguments.of(v2("2100", "ffffff"), ""),
                Arguments.of(v2("2110", V4), ""),
                Arguments.of(v2("2101", V4), ""));
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                Arguments.of(line("GET / HTTP/1.1\r\n"), "byte=0x47 at=0"),
                Arguments.of(line("PROXX"), "byte=0x58 at=4"),
                Arguments.of(line("PROXY\tTCP4"), "byte=0x9 at=5"),
                Arguments.of(new byte[] {22, 3, 1}, "byte=0x16 at=0"),
                Arguments.of(line("\r\nPROXY"), "byte=0x50 at=2"),
                Arguments.of(line("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n"), "LF without its CR"),
                Arguments.of(line("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\rx"), "CR without its LF"),
                Arguments.of(line("PROXY UNKNOWN \rx"), "CR without its LF"),
                Arguments.of(line("PROXY UNKNOWN \n"), "LF without its CR"),
                Arguments.of(line("PROXY " + "x".repeat(101)), "no end of the line: length=107"),
                Arguments.of(line("PROXY UNKNOWN " + "x".repeat(92) + "\r\n"), "no end of the line: length=107"),
                Arguments.of(line("PROXY \r\n"), "line="),
                Arguments.of(line("PROXY UNKNOWNS\r\n"), "line=UNKNOWNS"),
                Arguments.of(line("PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n"), "line=UDP4"),
                Arguments.of(line("PROXY tcp4 192.0.2.1 192.0.2.2 1 2\r\n"), "line=tcp4"),
                Arguments.of(line("PROXY  TCP4 192.0.2.1 192.0.2.2 1 2\r\n"), "line= TCP4"),
                Arguments.of(line("PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n"), "line="),
                Arguments.of(line("PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n"), "line="),
                Arguments.of(line("PROXY TCP4 192.0.2.1  192.0.2.2 1\r\n"), "port=192.0.2.2"),
                Arguments.of(line("PROXY TCP4 192.0.2.01 192.0.2.2 1 2\r\n"), "address=192.0.2.01"),
                Arguments.of(line("PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n"), "address=192.0.2.256"),
                Arguments.of(line("PROXY TCP4 192.0.2 192.0.2.2 1 2\r\n"), "address=192.0.2"),
                Arguments.of(line("PROXY TCP4 localhost 192.0.2.2 1 2\r\n"), "address=localhost"),
                Arguments.of(line("PROXY TCP4 ::1 ::2 1 2\r\n"), "address=::1"),
                Arguments.of(line("PROXY TCP6 192.0.2.1 ::2 1 2\r\n"), "address=192.0.2.1"),
                Arguments.of(line("PROXY TCP6 ::1 :::2 1 2\r\n"), "address=:::2"),
                Arguments.of(line("PROXY TCP6 fe80::1%1 ::2 1 2\r\n"), "address=fe80::1%1"),
                Arguments.of(line("PROXY TCP4 192.0.2.1 192.0.2.2 65536 2\r\n"), "port=65536"),
                Arguments.of(line("PROXY TCP4 192.0.2.1 192.0.2.2 -1 2\r\n"), "port=-1"),
                Arguments.of(line("PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n"), "port=01"),
                Arguments.of(line("PROXY TCP4 192.0.2.1 192.0.2.2 1 \r\n"), "port="),
                Arguments.of(line("PROXY TCP4 192.0.2.1 192.0.2.2 1 999999999999\r\n"), "port=999999999999"),
                Arguments.of(line("PROXY TCP4 \u0007 192.0.2.2 1 2\r\n"), "address=?"),
                Arguments.of(v2("1111", V4), "version=1 command=1"),
                Arguments.of(v2("3111", V4), "version=3 command=1"),
                Arguments.of(v2("2211", V4), "version=2 command=2"),
                Arguments.of(v2("2141", V4), "family=4 protocol=1"),
                Arguments.of(v2("2113", V4), "family=1 protocol=3"),
                Arguments.of(v2("2104", V4), "family=0 protocol=4"),
                Arguments.of(v2("2111", V4.substring(2)), "too short for its family=1: length=11"),
                Arguments.of(v2("2121", V4), "too short for its family=2: length=12"),
                Arguments.of(v2("2131", V6), "too short for its family=3: length=36"),
                Arguments.of(v2("2111", V4 + "04"), "a vector that is cut off: at=28"),
                Arguments.of(v2("2111", V4 + "0400"), "a vector that is cut off: at=28"),
                Arguments.of(v2("2111", V4 + "04000200"), "a vector that is cut off: at=28"),
                Arguments.of(v2("2111", V4 + "04000100" + "04ffff00"), "a vector that is cut off: at=32"),
                Arguments.of(v2("2111", V4 + "030003000000"), "CRC32C of another length: length=3"),
                Arguments.of(v2("2111", V4 + "03000400000000"), "CRC32C is wrong: sent=0 "),
                Arguments.of(HexFormat.of().parseHex(SIGNATURE + "21110ff1"), "longer than the maximum: length=4097"),
                Arguments.of(HexFormat.of().parseHex(SIGNATURE + "2111ffff"), "longer than the maximum: length=65551"));
    }

    private static String text(final ProxyHeader header) {
        return header.source().isEmpty() && header.destination().isEmpty()
                ? ""
                : header.source().orElseThrow() + " " + header.destination().orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("good")
    void shouldTakeTheHeaderAndNoMoreWhereverItIsCut(final byte[] header, final String addresses) {
        final byte[] stream = new byte[header.length + 5];
        System.arraycopy(header, 0, stream, 0, header.length);
        for (int cut = 0; cut <= header.length; cut++) {
            final ProxyHeaderParser parser = new ProxyHeaderParser();
            final boolean whole = parser.parse(ByteBuffer.wrap(stream, 0, cut));
            assertEquals(cut == header.length, whole, "cut=" + cut);
            final ByteBuffer rest = ByteBuffer.wrap(stream, cut, stream.length - cut);
            assertTrue(parser.parse(rest), "cut=" + cut);
            assertEquals(header.length, rest.position(), "cut=" + cut);
            assertEquals(addresses, text(parser.header()), "cut=" + cut);
        }
    }

    @ParameterizedTest
    @MethodSource("good")
    void shouldTakeTheHeaderByteByByte(final byte[] header, final String addresses) {
        final ProxyHeaderParser parser = new ProxyHeaderParser();
        for (int i = 0; i < header.length; i++) {
            assertEquals(i == header.length - 1, parser.parse(ByteBuffer.wrap(header, i, 1)));
        }
        assertEquals(addresses, text(parser.header()));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void shouldSayWhatIsWrongWhereverItIsCut(final byte[] bytes, final String detail) {
        for (int cut = 0; cut <= bytes.length; cut++) {
            final int end = cut;
            final ProxyHeaderParser parser = new ProxyHeaderParser();
            final ProtocolException failure = assertThrows(ProtocolException.class, () -> {
                assertFalse(parser.parse(ByteBuffer.wrap(bytes, 0, end)));
                parser.parse(ByteBuffer.wrap(bytes, end, bytes.length - end));
            });
            assertEquals(CloseReason.PROXY_HEADER, failure.reason());
            assertTrue(failure.getMessage().contains(detail), failure.getMessage());
        }
    }

    @Test
    void shouldKeepTheVectors() {
        final ProxyHeaderParser parser = new ProxyHeaderParser();
        parser.parse(ByteBuffer.wrap(v2("2111", V4 + "02000161")));
        assertEquals(ByteBuffer.wrap(new byte[] {2, 0, 1, 'a'}), parser.header().tlvs());
        assertEquals(2, parser.header().version());
    }

    @Test
    void shouldFindEveryFlippedBitWhenThereIsAChecksum() {
        final byte[] header = checksummed("02000161", "");
        // From the addresses on: before, a flip makes another header, or none.
        for (int bit = 16 * 8; bit < header.length * 8; bit++) {
            final byte[] flipped = header.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            if (flipped[32] == 3 || bit / 8 < 28) {
                final int at = bit;
                assertThrows(
                        ProtocolException.class,
                        () -> new ProxyHeaderParser().parse(ByteBuffer.wrap(flipped)),
                        () -> "bit=" + at);
            }
        }
    }

    @Test
    void shouldEitherEndOrRefuseWhenTheBytesAreRandom() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(
                    random.nextBoolean() ? line("PROXY ") : HexFormat.of().parseHex(SIGNATURE));
            final byte[] rest = new byte[random.nextInt(300)];
            random.nextBytes(rest);
            bytes.writeBytes(rest);
            final ProxyHeaderParser parser = new ProxyHeaderParser();
            final ByteBuffer source = ByteBuffer.wrap(bytes.toByteArray());
            try {
                assertTrue(parser.parse(source) || !source.hasRemaining(), "seed=" + seed + " i=" + i);
            } catch (final ProtocolException ex) {
                assertEquals(CloseReason.PROXY_HEADER, ex.reason(), "seed=" + seed + " i=" + i);
            }
        }
    }
}
