package io.millrace.jmh.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the live page's properties may be, and the one sentence for what they may not. */
class LiveSettingsTest {
    @ParameterizedTest
    @CsvSource({"true, false", "ws, false", "http, false", "tls, true", "wss, true", "https, true"})
    void shouldServeAsAsked(final String live, final boolean secure) throws DemoException {
        assertTrue(LiveSettings.isWanted(live));
        assertEquals(new LiveSettings(secure, 8717, OptionalLong.empty()), LiveSettings.of(live, "", ""));
        assertEquals(new LiveSettings(secure, 0, OptionalLong.of(2_000_000_000L)), LiveSettings.of(live, "0", "2"));
    }

    @Test
    void shouldNotServeUnlessAsked() {
        assertFalse(LiveSettings.isWanted(""));
        assertFalse(LiveSettings.isWanted(" "));
        assertFalse(LiveSettings.isWanted("false"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "yes | '' | '' | demo.live must be empty, ws or tls, not yes.",
                "ws | x | '' | demo.port must be a whole number from 0 to 65535, not x.",
                "ws | 65536 | '' | demo.port must be a whole number from 0 to 65535, not 65536.",
                "ws | -1 | '' | demo.port must be a whole number from 0 to 65535, not -1.",
                "ws | '' | 0 | demo.seconds must be a whole number from 1 to 86400, not 0.",
                "ws | '' | 1.5 | demo.seconds must be a whole number from 1 to 86400, not 1.5."
            })
    void shouldSaySoInOneSentenceWhenAValueMakesNoSense(
            final String live, final String port, final String seconds, final String sentence) {
        assertEquals(
                sentence,
                assertThrows(DemoException.class, () -> LiveSettings.of(live, port, seconds))
                        .getMessage());
    }
}
