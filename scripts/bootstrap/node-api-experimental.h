// What Node's own headers declare under NAPI_EXPERIMENTAL and the package node-api-headers leaves out. With it
// node-addon-api runs finalizers after the garbage collection instead of inside it, which a module of the experimental
// version must do: without it the process aborts at the first collected statement.
#include <node_api.h>

#define NODE_API_EXPERIMENTAL_HAS_POST_FINALIZER

EXTERN_C_START
NAPI_EXTERN napi_status NAPI_CDECL node_api_post_finalizer(
    node_api_basic_env env, napi_finalize finalize_cb, void* finalize_data, void* finalize_hint);
EXTERN_C_END
