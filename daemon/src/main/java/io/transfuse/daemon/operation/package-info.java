/**
 * What is done for each request of the kernel. {@link io.transfuse.daemon.operation.Operations} is the table; {@link
 * io.transfuse.daemon.operation.Exchange} is what one lane works with.
 *
 * <ul>
 *   <li>The classes called {@code ...Operations} translate a request for the host and its reply for the kernel.
 *   <li>A mount that caches answers from {@link io.transfuse.daemon.operation.GuestCache} before it asks the host: {@code
 *       CachedOperations} and {@code CachedListings}, by the rules of {@code CachePolicy}. {@link
 *       io.transfuse.daemon.operation.Prefetcher}, {@code WholeDirectory} and {@code DirectoryContents} fetch ahead, {@code
 *       LocalFile} opens files without the host, and {@link io.transfuse.daemon.operation.ChangingFiles} and {@code
 *       SecondWalks} know where the cache must not be believed.
 *   <li>{@code Callers} and {@code CallerCredentials} tell the host of a caller what a request's header does not say.
 *   <li>{@code InjectedOperations} answers what the injector's system calls bring about.
 * </ul>
 */
package io.transfuse.daemon.operation;
