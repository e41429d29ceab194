/**
 * Framing protocols: how messages lie in the stream. A {@link io.millrace.transport.Protocol} is immutable and shared by
 * any number of connections; sender threads encode by it straight into the place from which the bytes go to the wire; its
 * decoder belongs to one connection's thread, hands messages over where they lie, and allocates nothing per message.
 *
 * <table>
 *   <caption>What there is</caption>
 *   <tr><th>protocol</th><th>frame</th><th>empty message</th></tr>
 *   <tr><td>{@link io.millrace.transport.frame.LengthPrefixProtocol}</td>
 *       <td>length of 1 to 4 bytes, message</td><td>by option</td></tr>
 *   <tr><td>{@link io.millrace.transport.frame.VarintPrefixProtocol}</td>
 *       <td>length of 1 to 5 bytes, message</td><td>by option</td></tr>
 *   <tr><td>{@link io.millrace.transport.frame.FixedLengthProtocol}</td><td>message</td><td>refused</td></tr>
 *   <tr><td>{@link io.millrace.transport.frame.DelimiterProtocol}</td>
 *       <td>message, delimiter of 1 to 64 bytes</td><td>legal</td></tr>
 *   <tr><td>{@link io.millrace.transport.frame.LineProtocol}</td>
 *       <td>message, LF or CR LF</td><td>legal: an empty line</td></tr>
 *   <tr><td>{@link io.millrace.transport.frame.RawStreamProtocol}</td><td>none</td><td>refused</td></tr>
 * </table>
 *
 * <p>A peer's bytes that break a protocol end that one connection with a {@link io.millrace.transport.CloseReason}, which
 * the transport counts. A connection may change protocols on its way: see
 * {@link io.millrace.transport.Connection#switchProtocol}.
 */
package io.millrace.transport.frame;
