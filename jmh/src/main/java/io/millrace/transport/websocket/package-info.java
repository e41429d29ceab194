/** What the benchmarks need of the package of the same name and users don't see. */
package io.millrace.transport.websocket;
