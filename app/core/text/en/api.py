"""English: what APIs answer, the local API's errors, and its parameters."""

TEXTS: dict[str, str] = {
    # Any API, by status.
    "api.bad_request.what": "The API could not use this request (HTTP {status}).",
    "api.bad_request.cause": "It says: {said}",
    "api.bad_request.fix": "Change what it names, or leave the parameters at their defaults, and send again.",
    "api.key.what": "The API does not accept the key (HTTP {status}).",
    "api.key.cause": "The key is missing, mistyped, expired or meant for another service. It says: {said}",
    "api.key.fix": "Check the key of this connection, and whether the API wants it in another header.",
    "api.forbidden.what": "The API refuses this (HTTP {status}).",
    "api.forbidden.cause": (
        "The key may not do this, or the server does not allow this page's origin. It says: {said}"
    ),
    "api.forbidden.fix": "Use a key with this right, or allow this page's origin in the server's settings.",
    "api.not_found.what": "The API has nothing at this address (HTTP {status}).",
    "api.not_found.cause": (
        "The path, the prefix or the model's name is not one that it knows. It says: {said}"
    ),
    "api.not_found.fix": (
        "Compare the base URL with the API's documentation, and choose a model from its list."
    ),
    "api.method.what": "The address exists, but not for this kind of request (HTTP {status}).",
    "api.method.cause": "The base URL most likely points at another part of the server. It says: {said}",
    "api.method.fix": "Compare the base URL with the API's documentation.",
    "api.slow.what": "The answer did not come in the time that the server allows (HTTP {status}).",
    "api.slow.cause": "The model is probably still loading, or the machine is busy. It says: {said}",
    "api.slow.fix": "Wait a little and ask again.",
    "api.exists.what": "That is already there (HTTP {status}).",
    "api.exists.cause": "Something of the same name was stored before. It says: {said}",
    "api.exists.fix": "Read the list again; delete the old one or choose another name.",
    "api.too_large.what": "That is larger than the server accepts (HTTP {status}).",
    "api.too_large.cause": (
        "The server, or a front server before it, limits the size of requests. It says: {said}"
    ),
    "api.too_large.fix": "Send less, or raise the limit on the server.",
    "api.parameter.what": "The API does not accept a part of this request (HTTP {status}).",
    "api.parameter.cause": "A parameter has a form or a value that it does not take. It says: {said}",
    "api.parameter.fix": "Change the parameter it names, or empty it to use the server's default.",
    "api.limit.what": "The limit of this API is reached (HTTP {status}).",
    "api.limit.cause": "Too many requests or tokens in the time that your plan allows. It says: {said}",
    "api.limit.fix": "Wait until the limit ends, or choose another model or connection.",
    "api.gateway.what": "A front server got no usable answer from the API behind it (HTTP {status}).",
    "api.gateway.cause": "The API behind it is down, restarting or overloaded. It says: {said}",
    "api.gateway.fix": "Wait a little and send again; look at the server's own log if it stays.",
    "api.loading.what": "The API is not ready (HTTP {status}).",
    "api.loading.cause": "It is loading a model, starting, or overloaded. It says: {said}",
    "api.loading.fix": "Wait a little and send again.",
    "api.failed.what": "The API failed on this request (HTTP {status}).",
    "api.failed.cause": "It says: {said}",
    "api.failed.fix": "Send it again; if it fails again, look at the server's own log.",
    "api.refused.what": "The API did not do this (HTTP {status}).",
    "api.refused.cause": "It says: {said}",
    "api.refused.fix": "Change what it names and send again.",
    "provider.unknown.what": "This version of Berth does not know the provider “{id}”.",
    "provider.unknown.cause": "The connection was saved by another version, or imported from one.",
    "provider.unknown.fix": (
        "Reload the page to get the newest version, or delete the connection and add it again."
    ),
    # The local API: asking.
    "local.no_question_typed.what": "There is nothing to ask.",
    "local.no_question_typed.cause": "The local API takes one question at a time, and this one is empty.",
    "local.no_question_typed.fix": "Type a message and send it.",
    "local.no_model_chosen.what": "No model is chosen.",
    "local.no_model_chosen.cause": "The local API needs the name of the model that shall answer.",
    "local.no_model_chosen.fix": "Choose a model, or upload one on the Models page.",
    "local.no_body.what": "The local API got a request without contents.",
    "local.no_body.cause": (
        "Something between this page and the server has dropped or changed the request's body."
    ),
    "local.no_body.fix": "Send it again; if it stays, connect to the server directly, without a proxy.",
    "local.no_question.what": "The local API found no question in the request.",
    "local.no_question.cause": "It counts an empty message as missing.",
    "local.no_question.fix": "Type a message and send it again.",
    "local.no_model_name.what": "The local API found no model name in the request.",
    "local.no_model_name.cause": "No model was chosen, or the chosen one has an empty name.",
    "local.no_model_name.fix": "Choose a model from the list and send again.",
    "local.model_not_found.what": "The local API does not find the model {model}.",
    "local.model_not_found.cause": (
        "It was deleted or renamed, or the server's list is older than its folder."
    ),
    "local.model_not_found.fix": (
        "Press Sync on the Models page and choose a model from the list; upload it if it is gone."
    ),
    "local.named": "“{name}”",
    "local.this_model": "that was chosen",
    "local.model_gone.what": "The server no longer has the file of the model {model}.",
    "local.model_gone.cause": "It lists a file that was moved or deleted in its models folder.",
    "local.model_gone.fix": (
        "Press Sync on the Models page, then choose another model or upload this one again."
    ),
    "local.unloadable.what": "The server could not load the model {model}.",
    "local.unloadable.cause": (
        "The file is not a working GGUF model (damaged, cut short, or one part of several), is of a kind "
        "that the "
        "server's llama.cpp is too old for, or is too large for its memory."
    ),
    "local.unloadable.fix": (
        "Clear the cache and ask again. If it fails again, delete the model and upload a complete file, "
        "or update llama-cpp-python on the server."
    ),
    "local.memory.what": "The server ran out of memory.",
    "local.memory.cause": (
        "The model is too large for it, or copies of models fill its memory: every new combination of GPU"
        " layers, "
        "batch size and temperature loads another copy."
    ),
    "local.memory.fix": (
        "Clear the cache on the Models page and ask again, with fewer GPU layers or a smaller model."
    ),
    "local.context.what": "The question is too long for this model on this server.",
    "local.context.cause": (
        "Question and answer together must fit into the context window{window}. The first versions of the"
        " local "
        "API fix it at 512 tokens, about 350 words, whatever the model could do."
    ),
    "local.context.window": " of {limit} tokens, and this one needs {needed}",
    "local.context.window_only": " of {limit} tokens",
    "local.context.fix": (
        "Shorten the question or the template. On newer servers you can also set a larger context size."
    ),
    "local.template_name.what": "The template names something that the server cannot fill in: {name}",
    "local.template_name.cause": "The only placeholder that it knows is {question}.",
    "local.template_name.fix": "Remove the other one; write braces that are meant as text twice: {double}",
    "local.template_braces.what": "The server cannot read the braces in the template.",
    "local.template_braces.cause": (
        "A brace is left open, or stands there as text. The only placeholder is {question}."
    ),
    "local.template_braces.fix": "Write braces that are meant as text twice: {double}",
    "local.timeout.what": "The server gave up before the answer was ready (HTTP {status}).",
    "local.timeout.cause": (
        "The model was still loading, or is slow on this machine for a question of this length."
    ),
    "local.timeout.fix": (
        "Ask again: the model is often loaded by now. Otherwise lower Max tokens or take a smaller model."
    ),
    "local.generate_failed.what": "The local API could not generate an answer.",
    "local.generate_failed.cause": "It says: {said}",
    "local.generate_failed.fix": (
        "Send it again with a shorter question and without a template and parameters; if that fails too, "
        "clear the cache or try another model."
    ),
    "local.bad_json.what": "The local API could not read the request (HTTP {status}).",
    "local.bad_json.cause": "Something between this page and the server has changed the request's body.",
    "local.bad_json.fix": "Send it again; if it stays, connect to the server directly, without a proxy.",
    "local.media.what": "The server does not take the form of this request (HTTP {status}).",
    "local.media.cause": (
        "It got no Content-Type of application/json: a proxy has removed or changed the header."
    ),
    "local.media.fix": "Connect to the server directly, or let the proxy pass the Content-Type header on.",
    # The local API: model files.
    "local.no_file.what": "The server found no file in the upload.",
    "local.no_file.cause": "The upload arrived incomplete: a proxy has changed it, or the file was empty.",
    "local.no_file.fix": "Upload it again; if it stays, connect to the server directly, without a proxy.",
    "local.no_file_name.what": "The server found no file name in the upload.",
    "local.no_file_name.cause": "The file's name is empty, or holds no letter that the server keeps.",
    "local.no_file_name.fix": "Rename the file with plain letters and the ending .gguf, and upload it again.",
    "local.not_gguf.what": "The server takes only GGUF files.",
    "local.not_gguf.cause": "The file's name does not end in .gguf.",
    "local.not_gguf.fix": "Convert the model to GGUF, or rename the file if it is one.",
    "local.exists.what": "The server already has a model of this name.",
    "local.exists.cause": "It was uploaded before, or an upload that looked broken did arrive.",
    "local.exists.fix": (
        "Read the list again. To replace the model, delete the old one or rename the new file."
    ),
    "local.too_large.what": "The file is larger than the server accepts (HTTP {status}).",
    "local.too_large.cause": (
        "The server's MAX_CONTENT_LENGTH (10 GB unless changed) or a front server limits uploads."
    ),
    "local.too_large.fix": (
        "Raise MAX_CONTENT_LENGTH on the server and start it again (behind nginx also client_max_body_size), "
        "or copy the file into its models folder and press Sync."
    ),
    "local.disk_full.what": "The server's disk is full.",
    "local.disk_full.cause": "There is no room left for the file in its models folder.",
    "local.disk_full.fix": (
        "Delete models that you no longer need, or free space on that disk, and upload again."
    ),
    "local.permission.what": "The server may not change this file in its models folder.",
    "local.permission.cause": (
        "Another program or the loaded model holds it, or the folder is not writable for the server."
    ),
    "local.permission.fix": "Clear the cache and try again; otherwise check the rights of the models folder.",
    "local.upload_failed.what": "The server could not store the file.",
    "local.upload_failed.cause": "It says: {said}",
    "local.upload_failed.fix": (
        "Read the list to see what arrived, then upload again, or copy it there and press Sync."
    ),
    "local.delete_failed.what": "The server could not delete the model {model}.",
    "local.delete_failed.cause": "It says: {said}",
    "local.delete_failed.fix": (
        "Clear the cache, press Sync and try again, or delete the file in its models folder."
    ),
    "local.slash.what": "A model with a slash in its name cannot be deleted over this API.",
    "local.slash.cause": "The server reads the slash as a part of the address, even when it is encoded.",
    "local.slash.fix": "Rename or delete the file in the server's models folder and press Sync.",
    "local.list_failed.what": "The local API could not list its models.",
    "local.list_failed.cause": "Its models folder or its list file cannot be read. It says: {said}",
    "local.list_failed.fix": (
        "Press Sync; if that fails too, check that the models folder exists and is readable."
    ),
    "local.sync_failed.what": "The local API could not read its models folder.",
    "local.sync_failed.cause": "It says: {said}",
    "local.sync_failed.fix": (
        "Check that the server's models folder exists and is readable, and press Sync again."
    ),
    "local.cache_failed.what": "The local API could not tell or clear what it has in memory.",
    "local.cache_failed.cause": "It says: {said}",
    "local.cache_failed.fix": (
        "Wait until no answer is being generated and try again; a restart of the server also clears it."
    ),
    # The local API: the address, and errors that hide their reason.
    "local.wrong_path.what": "The server has nothing at {path} (HTTP {status}).",
    "local.wrong_path.cause": (
        "The path in the base URL differs from the server's API_PREFIX, or another server answers there."
    ),
    "local.wrong_path.fix": (
        "Set the base URL to where the API is, usually http://127.0.0.1:5000/api/v1; some use port 5001."
    ),
    "local.wrong_method.what": "The server does not take this kind of request at {path} (HTTP {status}).",
    "local.wrong_method.cause": (
        "The base URL points at something else, or this version of the API lacks the function."
    ),
    "local.wrong_method.fix": (
        "Check the base URL, usually http://127.0.0.1:5000/api/v1, and the server's version."
    ),
    "local.unreadable.what": "What answered is not a reply of the local API.",
    "local.unreadable.cause": (
        "Another program or a proxy answers at this address. On a Mac, AirPlay Receiver uses port 5000 as"
        " well."
    ),
    "local.unreadable.fix": (
        "Check the base URL; if the port is taken, start the API on another one and set it here."
    ),
    "local.empty.what": "The local API answered with nothing.",
    "local.empty.cause": "The server, or a proxy before it, ended the reply before its first byte.",
    "local.empty.fix": "Try again; look at the server's own log if it stays.",
    "local.damaged.what": "The local API's reply cannot be read.",
    "local.damaged.cause": "It breaks off or is damaged: the server, or a proxy before it, failed midway.",
    "local.damaged.fix": "Try again; look at the server's own log if it stays.",
    "local.hidden.what": "The local API failed on this request without saying why (HTTP {status}).",
    "local.rejected.what": "The local API is up, but gave no readable answer to this request.",
    "local.hidden.generate.cause": (
        "Many copies of this API turn every error into a page that says nothing, because of their call "
        "log. Behind "
        "it is most likely an unknown model, a file that is not a working GGUF, a template with a wrong "
        "placeholder, "
        "or a question too long for a context of 512 tokens."
    ),
    "local.hidden.generate.fix": (
        "Press Sync and choose a model from the list, send a shorter question without a template; or start "
        "the server with this setting to read the real reason:"
    ),
    "local.hidden.upload.cause": (
        "Many copies of this API turn every error into a page that says nothing, because of their call "
        "log. Behind "
        "it is most likely a name that is already there, a size limit, or a full disk."
    ),
    "local.hidden.upload.fix": (
        "Read the list to see what arrived, check the size limit and the disk of the server; or start it "
        "with this "
        "setting to read the real reason:"
    ),
    "local.hidden.delete.cause": (
        "Many copies of this API turn every error into a page that says nothing, because of their call "
        "log. Behind "
        "it is most likely a model that is already gone."
    ),
    "local.hidden.delete.fix": (
        "Press Sync to read the list again; or start the server with this setting to read the real reason:"
    ),
    "local.hidden.other.cause": (
        "Many copies of this API turn every error into a page that says nothing, because of their call log."
    ),
    "local.hidden.other.fix": (
        "Look at the server's own log; or start the server with this setting to read the real reason:"
    ),
    # Parameters of the local API.
    "parameter.template.label": "Prompt template",
    "parameter.template.help": (
        "The text that the model really gets, with {question} where your question belongs. No other name "
        "may stand in "
        "braces; write braces that are meant as text twice."
    ),
    "parameter.n_gpu_layers.label": "GPU layers",
    "parameter.n_gpu_layers.help": (
        "How many layers of the model the server puts on its GPU; 0 uses the CPU alone, -1 means all. "
        "Each new value makes the server load another copy of the model."
    ),
    "parameter.n_batch.label": "Batch size",
    "parameter.n_batch.help": (
        "How many tokens of the question are processed at once. "
        "Each new value makes the server load another copy of the model."
    ),
    "parameter.temperature.label": "Temperature",
    "parameter.temperature.help": (
        "0 always takes the likeliest word, higher values are freer. Some servers use 0.8 when it is not "
        "set, whatever "
        "their document says. On the local API each new value loads another copy of the model."
    ),
    "parameter.max_tokens.label": "Max tokens (newer servers only)",
    "parameter.max_tokens.help": (
        "The longest answer, in tokens. Newer servers take 200 when it is not set; "
        "others ignore it and end at a length of their own, often 256."
    ),
    "parameter.n_ctx.label": "Context size (newer servers only)",
    "parameter.n_ctx.help": (
        "How many tokens question and answer may have together. Newer servers take 4096 when it is not set; "
        "others ignore it and keep their own, often 512."
    ),
}
