package io.millrace.transport.websocket;

import static io.millrace.transport.websocket.OpeningTest.KEY;
import static io.millrace.transport.websocket.OpeningTest.REQUEST;
import static io.millrace.transport.websocket.OpeningTest.answerTo;
import static io.millrace.transport.websocket.OpeningTest.bytes;
import static io.millrace.transport.websocket.OpeningTest.client;
import static io.millrace.transport.websocket.OpeningTest.dropByDrop;
import static io.millrace.transport.websocket.OpeningTest.said;
import static io.millrace.transport.websocket.OpeningTest.server;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How two sides agree on compression: RFC 7692 section 7.1. */
class DeflateOpeningTest {
    private static ClientOpening compressingClient(final DeflateContext deflate, final String extensions) {
        final ClientOpening client = client(new WebSocketContext().deflate(deflate));
        final String field = "\r\nSec-WebSocket-Extensions: " + extensions + "\r\n\r\n";
        dropByDrop(client, bytes(answerTo(client).replace("\r\n\r\n", field)));
        return client;
    }

    @ParameterizedTest
    @CsvSource({
        "permessage-deflate, true, true, 15, 15",
        "permessage-deflate; server_max_window_bits=10, true, true, 10, 15",
        "permessage-deflate; client_max_window_bits=8, true, true, 15, 8",
        "permessage-deflate; server_no_context_takeover, false, true, 15, 15",
        "permessage-deflate; client_no_context_takeover, true, false, 15, 15"
    })
    void shouldCompressAsTheServerAnswers(
            final String answer,
            final boolean serverKeeps,
            final boolean clientKeeps,
            final int serverBits,
            final int clientBits) {
        final ClientOpening client = compressingClient(new DeflateContext(), answer);

        assertTrue(client.isOpen());
        assertEquals(Optional.of(new DeflateTerms(serverKeeps, clientKeeps, serverBits, clientBits)), client.deflate);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-other",
                "permessage-deflate, permessage-deflate",
                "permessage-deflate; unknown",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10"
            })
    void shouldRefuseWhenAServerAnswersWithCompressionThatWasNotOffered(final String answer) {
        final ClientOpening client = compressingClient(new DeflateContext(), answer);

        assertFalse(client.isOpen());
        assertEquals(CloseReason.UPGRADE_FAILED, client.refusal().orElseThrow().reason());
    }

    @Test
    void shouldRefuseWhenAServerKeepsAContextThatItWasAskedNotToKeep() {
        final DeflateContext without = new DeflateContext().serverKeepsContext(false);

        assertFalse(compressingClient(without, "permessage-deflate").isOpen());
        assertTrue(compressingClient(without, "permessage-deflate; server_no_context_takeover")
                .isOpen());
    }

    @ParameterizedTest
    @CsvSource({
        "permessage-deflate, false, 15, 15",
        "permessage-deflate; server_max_window_bits=12, false, 15, 15",
        "permessage-deflate; server_max_window_bits=11, true, 11, 9",
        "permessage-deflate; server_max_window_bits=8, true, 8, 9",
        "permessage-deflate; server_max_window_bits=11; client_max_window_bits=8, true, 11, 8",
        "permessage-deflate; server_max_window_bits=11; client_max_window_bits=15, true, 11, 9"
    })
    void shouldWantTheWindowsThatAreSetOfAServer(
            final String answer, final boolean opens, final int serverBits, final int clientBits) {
        final DeflateContext small =
                new DeflateContext().serverMaxWindowBits(11).clientMaxWindowBits(9);
        final ClientOpening client = compressingClient(small, answer);

        assertTrue(
                said(client).contains("permessage-deflate; server_max_window_bits=11; client_max_window_bits=9\r\n"),
                said(client));
        assertEquals(opens, client.isOpen());
        assertEquals(
                opens ? Optional.of(new DeflateTerms(true, true, serverBits, clientBits)) : Optional.empty(),
                client.deflate);
    }

    @ParameterizedTest
    @CsvSource({
        "permessage-deflate, 11, 15",
        "permessage-deflate; client_max_window_bits, 11, 9",
        "permessage-deflate; client_max_window_bits=15, 11, 9",
        "permessage-deflate; client_max_window_bits=10, 11, 9",
        "permessage-deflate; client_max_window_bits=9, 11, 15",
        "permessage-deflate; client_max_window_bits=8, 11, 15",
        "permessage-deflate; server_max_window_bits=15, 11, 15",
        "permessage-deflate; server_max_window_bits=10, 10, 15"
    })
    void shouldKeepToTheWindowsThatAreSetAndAskAClientThatCan(
            final String offer, final int serverBits, final int clientBits) {
        final DeflateContext small =
                new DeflateContext().serverMaxWindowBits(11).clientMaxWindowBits(9);
        final ServerOpening server = server(new WebSocketContext().deflate(small));
        dropByDrop(server, bytes(REQUEST.replace(KEY, KEY + "Sec-WebSocket-Extensions: " + offer + "\r\n")));

        assertEquals(Optional.of(new DeflateTerms(true, true, serverBits, clientBits)), server.deflate);
        assertEquals(
                "permessage-deflate; server_max_window_bits=" + serverBits
                        + (clientBits == 15 ? "" : "; client_max_window_bits=" + clientBits),
                answerOf(said(server)));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 7, 16})
    void shouldRefuseWindowsThatThereAreNot(final int bits) {
        assertThrows(IllegalArgumentException.class, () -> new DeflateContext().serverMaxWindowBits(bits));
        assertThrows(IllegalArgumentException.class, () -> new DeflateContext().clientMaxWindowBits(bits));
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 15})
    void shouldTakeTheSmallestAndTheLargestWindow(final int bits) {
        final DeflateContext deflate =
                new DeflateContext().serverMaxWindowBits(bits).clientMaxWindowBits(bits);

        assertEquals(bits, deflate.serverMaxWindowBits());
        assertEquals(bits, deflate.clientMaxWindowBits());
    }

    @Test
    void shouldKeepNoContextOfTheClientIfEitherSideWantsNone() {
        final DeflateContext without = new DeflateContext().clientKeepsContext(false);
        final ClientOpening client = compressingClient(without, "permessage-deflate");
        final ServerOpening server = server(new WebSocketContext().deflate(without));
        dropByDrop(server, bytes(REQUEST.replace(KEY, KEY + "Sec-WebSocket-Extensions: permessage-deflate\r\n")));

        assertTrue(
                said(client).contains("permessage-deflate; client_no_context_takeover; client_max_window_bits\r\n"),
                said(client));
        assertEquals(Optional.of(new DeflateTerms(true, false, 15, 15)), client.deflate);
        assertEquals(Optional.of(new DeflateTerms(true, false, 15, 15)), server.deflate);
        assertEquals("permessage-deflate; client_no_context_takeover", answerOf(said(server)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "permessage-deflate; =8|``",
                "permessage-deflate; client_max_window_bits=|``",
                "permessage-deflate; client_max_window_bits=\"|\"",
                "permessage-deflate; client_max_window_bits=\"\"|``",
                "permessage-deflate; client_max_window_bits=\"8|\"8",
                "permessage-deflate; client_max_window_bits=8\"|8\"",
                "permessage-deflate;|``",
                "permessage deflate|permessage deflate"
            })
    void shouldAnswer400WithThePartThatIsMalformed(final String offer, final String part) {
        final ServerOpening server = server(new WebSocketContext().deflate(new DeflateContext()));
        dropByDrop(server, bytes(REQUEST.replace(KEY, KEY + "Sec-WebSocket-Extensions: " + offer + "\r\n")));

        assertTrue(said(server).startsWith("HTTP/1.1 400 "), said(server));
        assertTrue(said(server).endsWith("\r\n\r\nmalformed Sec-WebSocket-Extensions: part=" + part + "\n"));
    }

    static Stream<Arguments> deflateOffers() {
        return Stream.of(
                Arguments.of("permessage-deflate", "permessage-deflate"),
                Arguments.of("x-other, permessage-deflate; client_max_window_bits", "permessage-deflate"),
                Arguments.of("permessage-deflate; server_max_window_bits=15", "permessage-deflate"),
                Arguments.of(
                        "permessage-deflate; server_max_window_bits=7, permessage-deflate; server_no_context_takeover",
                        "permessage-deflate; server_no_context_takeover"),
                Arguments.of(
                        "permessage-deflate; client_no_context_takeover; client_max_window_bits=\"9\"",
                        "permessage-deflate; client_no_context_takeover"),
                Arguments.of(
                        "permessage-deflate; server_max_window_bits=10",
                        "permessage-deflate; server_max_window_bits=10"),
                Arguments.of("permessage-deflate; server_max_window_bits", ""),
                Arguments.of("permessage-deflate; client_max_window_bits=16", ""),
                Arguments.of("permessage-deflate; unknown", ""),
                Arguments.of("permessage-deflate; server_no_context_takeover=1", ""),
                Arguments.of("permessage-deflate; server_no_context_takeover; server_no_context_takeover", ""),
                Arguments.of(
                        "permessage-deflate; client_max_window_bits; client_max_window_bits=9, permessage-deflate",
                        "permessage-deflate"),
                Arguments.of("x-webkit-deflate-frame", ""));
    }

    @ParameterizedTest
    @MethodSource("deflateOffers")
    void shouldAnswerTheFirstOfferOfCompressionThatItCanKeep(final String offer, final String answer) {
        final ServerOpening server = server(new WebSocketContext().deflate(new DeflateContext()));
        dropByDrop(server, bytes(REQUEST.replace(KEY, KEY + "Sec-WebSocket-Extensions: " + offer + "\r\n")));

        assertTrue(server.isOpen());
        assertEquals(!answer.isEmpty(), server.deflate.isPresent());
        assertEquals(answer, answerOf(said(server)));
    }

    private static String answerOf(final String response) {
        return response.lines()
                .filter(line -> line.startsWith("Sec-WebSocket-Extensions: "))
                .map(line -> line.substring("Sec-WebSocket-Extensions: ".length()))
                .findFirst()
                .orElse("");
    }
}
