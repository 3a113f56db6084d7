{
  "targets": [
    {
      "target_name": "babus",
      "sources": [
        "<!@(node -p \"['os','core','addon'].flatMap((d) => require('fs').readdirSync(d).filter((f) => f.endsWith('.cc')).sort().map((f) => d + '/' + f)).join(' ')\")"
      ],
      "include_dirs": [".", "<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_CPP_EXCEPTIONS", "NODE_ADDON_API_DISABLE_DEPRECATED",
        # A worker that is being terminated throws on every call and takes no exception: without this the process aborts.
        "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
      "cflags!": ["-fno-exceptions"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17"],
      "cflags_cc": ["-std=c++20", "-O2", "-fexceptions", "-fvisibility=hidden", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion"]
    }
  ]
}
