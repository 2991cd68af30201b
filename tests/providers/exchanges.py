"""What servers of the Local LLM API really send, word for word: documented (D), and observed on G1 and in G2."""

HEALTH_DOC = '{"status": "healthy", "service": "Local LLM API", "version": "1.0.0"}'
HEALTH_G1 = '{"service": "Local LLM API", "status": "healthy", "version": "1.0.0"}'

MODELS_DOC = """{
  "models": [
    {
      "name": "gpt4all-falcon-newbpe-q4_0.gguf", "path": "./models/gpt4all-falcon-newbpe-q4_0.gguf", "size": "4.1 GB",
      "modified": "2024-01-15T10:30:00Z"
    },
    {
      "name": "Llama-3.2-3B-Instruct-Q4_0.gguf", "path": "./models/Llama-3.2-3B-Instruct-Q4_0.gguf", "size": "2.8 GB",
      "modified": "2024-01-10T14:25:00Z"
    }
  ],
  "count": 2
}"""
MODELS_G1 = """{"count": 4, "last_updated": "2026-11-20T10:15:37.449399",
 "models": [{"filename": "my_model_1.gguf", "modified_date": "2026-11-20T10:15:37.399781", "name": "my_model_1",
             "size": 2048, "size_mb": 0.0, "upload_date": "2026-11-20T10:15:37.399906"}]}"""
MODELS_G1_EMPTY = '{"count": 0, "last_updated": "2026-11-20T10:15:37.299085", "models": []}'

SYNC_DOC = """{
  "message": "Models list synchronized successfully",
  "data": {
    "models": [
      {
        "name": "gpt4all-falcon-newbpe-q4_0.gguf", "path": "./models/gpt4all-falcon-newbpe-q4_0.gguf",
        "size": "4.1 GB", "modified": "2024-01-15T10:30:00Z"
      }
    ],
    "count": 1
  }
}"""

UPLOADED_DOC = """{
  "message": "File uploaded successfully", "filename": "model.gguf",
  "model_info": {"name": "model.gguf", "path": "./models/model.gguf", "size": "3.2 GB", "modified": "2024-01-20T09:15:00Z"}
}"""
UPLOADED_G1 = """{"filename": "my_model_1.gguf", "message": "File uploaded successfully",
 "model_info": {"filename": "my_model_1.gguf", "name": "my_model_1", "size": 2048, "size_mb": 0.0}}"""

DELETED_DOC = '{"message": "Model deleted successfully", "filename": "model.gguf", "remaining_models": 3}'

ANSWER_DOC = """{
  "success": true,
  "response": "Artificial intelligence (AI) refers to the simulation of human intelligence in machines.",
  "model_used": "Llama-3.2-3B-Instruct-Q4_0.gguf", "processing_time": 2.45, "token_count": 156
}"""
ANSWER_G1 = """{"model_used": "tiny.gguf", "question": "hi",
 "response": {"question": "hi", "text": "Hello there."}, "success": true}"""
ANSWER_G2 = """{"success": true, "response": "Paris.", "model_used": "tiny.gguf", "model_path": "./models/tiny.gguf",
 "processing_time": 0.5, "token_count": 4, "total_tokens": 20, "efficiency_score": 8.0,
 "pool_stats": {"loaded": 1}, "frontend_requested": "tiny.gguf", "exact_model_match": true}"""

CACHE_DOC = (
    '{"cached_models": ["Llama-3.2-3B-Instruct-Q4_0.gguf", "gpt4all-falcon-newbpe-q4_0.gguf"], "count": 2}'
)
CACHE_G1 = '{"cached_models": ["tiny.gguf_-7471644823449872010"], "count": 1}'
CACHE_EMPTY = '{"cached_models": [], "count": 0}'
CACHE_CLEARED = '{"message": "Cache cleared successfully"}'

NOT_FOUND_PAGE = """<!doctype html>
<html lang=en>
<title>404 Not Found</title>
<h1>Not Found</h1>
<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>
"""
WRONG_METHOD_PAGE = """<!doctype html>
<html lang=en>
<title>405 Method Not Allowed</title>
<h1>Method Not Allowed</h1>
<p>The method is not allowed for the requested URL.</p>
"""
TOO_LARGE_PAGE = """<!doctype html>
<html lang=en>
<title>413 Request Entity Too Large</title>
<h1>Request Entity Too Large</h1>
<p>The data value transmitted exceeds the capacity limit.</p>
"""
MEDIA_PAGE = """<!doctype html>
<html lang=en>
<title>415 Unsupported Media Type</title>
<h1>Unsupported Media Type</h1>
<p>Did not attempt to load JSON data because the request Content-Type was not &#39;application/json&#39;.</p>
"""
BAD_JSON_PAGE = """<!doctype html>
<html lang=en>
<title>400 Bad Request</title>
<h1>Bad Request</h1>
<p>The browser (or proxy) sent a request that this server could not understand.</p>
"""
INTERNAL_ERROR_PAGE = """<!doctype html>
<html lang=en>
<title>500 Internal Server Error</title>
<h1>Internal Server Error</h1>
<p>The server encountered an internal error and was unable to complete your request. Either the server is overloaded \
or there is an error in the application.</p>
"""

UNLOADABLE_G1 = (
    r'{"error": "1 validation error for LlamaCpp\n  Value error, Could not load Llama model from path: '
    r"./models/notreally.gguf. Received error Failed to load model from file: ./models/notreally.gguf "
    r'[type=value_error, input_value={...}, ...]", "model_used": "notreally.gguf", "question": "hi", "success": false}'
)
TEMPLATE_NAME_G1 = '{"error": "Missing some input keys: {\'other\'}", "model_used": "tiny", "question": "hi", "success": false}'
CONTEXT_G1 = '{"error": "Requested tokens (700) exceed context window of 512", "success": false}'
NOT_FOUND_G2 = '{"error":"Requested model \'x\' not found","requested_model":"x","expected_file":"x.gguf"}'
TIMEOUT_G2 = '{"success":false,"error":"Request timeout"}'
