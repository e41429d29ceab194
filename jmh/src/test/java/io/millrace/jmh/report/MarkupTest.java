package io.millrace.jmh.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class MarkupTest {
    private static final String NASTY = "<a href=\"x\">&amp; 'tis ]]> \u0000\u0007 µ</a>";

    private static Document parse(final String xml) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    @Test
    void shouldEscapeWhateverTheTextIs() throws Exception {
        final Document parsed = parse(new Markup()
                .open("p", "title", NASTY)
                .text(NASTY)
                .leaf("br")
                .close()
                .toString());
        final String readable = NASTY.replace('\u0000', '\uFFFD').replace('\u0007', '\uFFFD');
        assertEquals(readable, parsed.getDocumentElement().getTextContent());
        assertEquals(readable, parsed.getDocumentElement().getAttribute("title"));
    }

    @Test
    void shouldRefuseToEndWhenSomethingIsOpen() {
        final Markup markup = new Markup().open("p");
        assertThrows(IllegalStateException.class, markup::toString);
    }

    @Test
    void shouldDrawBarsThatFitWhenValuesAreExtreme() throws Exception {
        final Document svg = parse(Bars.svg(
                NASTY,
                "µs",
                List.of(
                        new Bars.Bar(NASTY, "c0", 1e9, 5e8, 2e9, true),
                        new Bars.Bar("b", "c1", 1e-9, 1e-9, 1e-9, false)),
                Palette.CSS));
        final var rects = svg.getElementsByTagName("rect");
        assertEquals(2, rects.getLength());
        assertEquals(
                "190.0", rects.item(0).getAttributes().getNamedItem("width").getNodeValue());
        assertEquals("1.0", rects.item(1).getAttributes().getNamedItem("width").getNodeValue());
    }

    @Test
    void shouldDrawLinesThatFitWhenThereIsOnePoint() throws Exception {
        final Document svg = parse(Lines.svg(
                "one",
                "µs",
                List.of(new Lines.Line("a", 0, "", List.of(new double[] {10, 50}))),
                List.of(new Lines.Tick(10, "10")),
                true,
                ""));
        final String points = svg.getElementsByTagName("polyline")
                .item(0)
                .getAttributes()
                .getNamedItem("points")
                .getNodeValue();
        final String[] xy = points.split(",", -1);
        assertEquals(212, Double.parseDouble(xy[0]));
        // Between the decades of 10 and 100.
        assertEquals(186 - 170 * Math.log10(5), Double.parseDouble(xy[1]), 0.06);
    }
}
